"""Function: a primitive, its forward, backward and tangent rules side by side."""

from collections.abc import Callable
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.methods import NUMPY, PRIMITIVES, place
from dlcore.tape import Context, recorder
from dlcore.tensor import Tensor, as_array, from_array

Operand = Tensor | ArrayLike  # what functions accept wherever a Tensor may stand
_VARIADIC = 0x04  # code flag of a function with *args


class Function:
    """Base of every primitive; a subclass states three rules and is then complete.

    ``forward(ctx, *operands, *, options)`` computes the result from arrays and saves on `ctx` what
    the other two rules read. ``backward(ctx, grad_out)`` returns the gradient for each operand.
    ``jvp(ctx, *tangents)`` returns the tangent of the result. Differentiable operands come before
    the star, everything else (axes, shapes, indices) is a keyword option.

    Rules are written in NumPy. They meet arrays in an ordinary sweep and Tensors when the sweep is
    recorded, and NumPy's functions act on both, so one text serves first and higher derivatives.
    A gradient may keep the shape of the result: broadcasting is undone by the sweep.

    Attributes
    ----------
    name : str
        What calls, errors and the registry name it by: the class name in snake case, unless
        given as ``class MatMul(Function, name="matmul")``.
    arity : int or None
        Number of operands; None if any number is taken.
    floating : bool
        Whether the result of integers is floating-point, as it is for ``exp``.
    wide : bool
        Whether float16 is computed in float32 and rounded at the end: sums and squares leave its
        range, which ends at 65504, where the result does not.
    fresh : bool
        Whether every gradient from ``backward`` is a new array that nothing else refers to. The
        sweep then gives it to a leaf as it is; otherwise it makes a copy.
    multilinear : bool
        Whether the result is linear in each operand by itself, as a product is: no gradient then
        reads the value of its own operand, which may have been changed since.

    Notes
    -----
    The layout is that of ``torch.autograd.Function``; ``ctx.save`` and ``ctx.saved`` stand for
    its ``save_for_backward`` and ``saved_tensors``. Derived in Chapter 6.

    Examples
    --------
    >>> import numpy as np, dlcore as dl
    >>> class Cube(dl.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         ctx.save(x)
    ...         return x**3
    ...
    ...     @staticmethod
    ...     def backward(ctx, grad_out):
    ...         (x,) = ctx.saved
    ...         return grad_out * 3 * x**2
    ...
    ...     @staticmethod
    ...     def jvp(ctx, dx):
    ...         (x,) = ctx.saved
    ...         return 3 * x**2 * dx
    >>> dl.gradcheck(Cube.apply, dl.tensor([0.5, -1.0], dtype="float64", requires_grad=True))
    True
    """

    name: ClassVar[str]
    arity: ClassVar[int | None]
    floating: ClassVar[bool] = True
    wide: ClassVar[bool] = False
    fresh: ClassVar[bool] = False
    multilinear: ClassVar[bool] = False

    forward: ClassVar[Callable[..., Any]]
    backward: ClassVar[Callable[..., Any]]
    jvp: ClassVar[Callable[..., Any]]

    def __init_subclass__(
        cls, name: str | None = None, numpy: Callable[..., Any] | None = None
    ) -> None:
        """Complete a primitive; one that is defined in dlcore can be called by its name."""
        for rule in ("forward", "backward", "jvp"):
            if not hasattr(cls, rule):
                raise TypeError(f"{cls.__name__}: a primitive needs a {rule} rule")
        cls.name = name or "".join("_" * c.isupper() + c.lower() for c in cls.__name__).strip("_")
        code = cls.forward.__code__
        cls.arity = None if code.co_flags & _VARIADIC else code.co_argcount - 1
        if cls.__module__.startswith("dlcore.ops."):
            PRIMITIVES[cls.name] = cls
            if numpy is not None:
                NUMPY[numpy] = cls

    @classmethod
    def apply(cls, *operands: Any, **options: Any) -> Tensor:
        """Compute the result and, if an operand requires a gradient, record the call.

        Parameters
        ----------
        *operands : Tensor, numpy.ndarray or number
            What the primitive acts on. A number takes the dtype of the Tensors beside it.
        **options
            Keyword options of ``forward``.

        Returns
        -------
        Tensor
            The result.

        Raises
        ------
        TypeError
            If operands have different floating dtypes.
        """
        return cls.record(operands, options)[0]

    @classmethod
    def record(cls, operands: tuple[Any, ...], options: dict[str, Any]) -> tuple[Tensor, Context]:
        """Compute the result and return it with the record of the call.

        Parameters
        ----------
        operands : tuple of Tensor, numpy.ndarray or number
            What the primitive acts on.
        options : dict
            Keyword options of ``forward``.

        Returns
        -------
        out : Tensor
            The result.
        ctx : Context
            What the rules need.
        """
        inputs = cls._as_tensors(operands)
        for x in inputs:
            if x.level:
                return max(inputs, key=lambda x: x.level).lift(cls, inputs, options)
        if cls.wide and inputs[0].data.dtype.char == "e":
            out, ctx = cls.record(tuple(x.to(np.float32) for x in inputs), options)
            return out.to(np.float16), ctx
        needs_grad = tuple([x.requires_grad for x in inputs])
        ctx = Context(cls, inputs, needs_grad)
        try:
            data = cls.forward(ctx, *[x.data for x in inputs], **options)
        except ValueError as error:
            if isinstance(error, np.exceptions.AxisError) and error.axis is not None:
                place(error.axis, error.ndim or 0)  # says the same in our words
            if "could not be broadcast together" not in str(error):
                raise
            raise ValueError(
                f"{cls.name}: {str(error).strip()}; counted from the last, axes must be of one "
                "length, or of length 1"
            ) from None
        if type(data) is not np.ndarray:  # a scalar, where every axis was reduced
            _check_arrays(inputs)
            array = np.asarray(data)
            ctx.saved = tuple(array if value is data else value for value in ctx.saved)
            data = array
        out = from_array(data)
        if True in needs_grad and recorder.recording and data.dtype.kind == "f":
            out.requires_grad = True
            out.node = ctx
        if recorder.observer is not None:
            recorder.observer.called(ctx, out)
        return out, ctx

    @classmethod
    def on(cls, *operands: Any, **options: Any) -> Any:
        """Compute on arrays if all operands are arrays, otherwise :meth:`apply` to Tensors.

        Parameters
        ----------
        *operands : Tensor or numpy.ndarray
            What the primitive acts on. Rules use this where NumPy has no such function.
        **options
            Keyword options of ``forward``.

        Returns
        -------
        Tensor or numpy.ndarray
            The result, of the kind of the operands.
        """
        if any(isinstance(x, Tensor) for x in operands):
            return cls.apply(*operands, **options)
        return cls.forward(Context(cls), *operands, **options)

    @classmethod
    def from_numpy(cls, *args: Any, **kwargs: Any) -> Tensor:
        """Take the arguments of the NumPy function that this primitive stands for.

        Parameters
        ----------
        *args, **kwargs
            As NumPy hands them over; positional options are given their names.

        Returns
        -------
        Tensor
            The result.
        """
        if cls.arity is None:
            return cls.apply(*args[0], **cls._named(args[1:]), **kwargs)
        return cls.apply(*args[: cls.arity], **cls._named(args[cls.arity :]), **kwargs)

    @classmethod
    def _named(cls, values: tuple[Any, ...]) -> dict[str, Any]:
        code = cls.forward.__code__
        names = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
        return dict(zip(names, values, strict=False))

    @classmethod
    def _as_tensors(cls, operands: tuple[Any, ...]) -> tuple[Tensor, ...]:
        """Turn operands into Tensors of one floating dtype, or say what does not fit."""
        if cls.arity is not None and len(operands) != cls.arity:
            raise TypeError(f"{cls.name}: expected {cls.arity} operands, got {len(operands)}")
        if not operands:
            raise ValueError(f"{cls.name}: expected at least one operand, got none")
        first = operands[0]
        dtype = first.data.dtype if isinstance(first, Tensor) else None
        if dtype is not None and (dtype.kind == "f" or not cls.floating):
            for x in operands:
                if not isinstance(x, Tensor) or x.data.dtype is not dtype:
                    break
            else:
                return operands
        return cls._convert(operands)

    @classmethod
    def _convert(cls, operands: tuple[Any, ...]) -> tuple[Tensor, ...]:
        numbers = int | float  # bool is an int; these take the dtype of the operands beside them
        tensors: list[Any] = [
            x if isinstance(x, Tensor | numbers) else Tensor(as_array(x)) for x in operands
        ]
        found = [x.dtype for x in tensors if isinstance(x, Tensor)]
        floats = list(dict.fromkeys(d for d in found if d.kind == "f"))
        if len(floats) > 1:
            raise TypeError(
                f"{cls.name}: expected operands of one floating dtype, got "
                f"{' and '.join(str(d) for d in floats)}; convert one with x.to(dtype)"
            )
        target: Any = floats[0] if floats else None
        if target is None and (cls.floating or any(isinstance(x, float) for x in tensors)):
            target = np.dtype(np.float32)
        return tuple(_as_dtype(x, target, found) for x in tensors)

    def __new__(cls) -> Self:
        """Refuse instances: a primitive is called through :meth:`apply`."""
        raise TypeError(f"{cls.__name__}: call {cls.__name__}.apply(...); there are no instances")


def _as_dtype(x: Any, target: Any, found: list[np.dtype[Any]]) -> Tensor:
    if not isinstance(x, Tensor):
        natural = np.result_type(*found, x) if found and target is None else target
        return Tensor(np.asarray(x, dtype=natural))
    if target is None or x.dtype == target:
        return x
    return Tensor(x.data.astype(target))


def _check_arrays(inputs: tuple[Tensor, ...]) -> None:
    """Refuse a Tensor whose numbers were replaced by a Tensor; nothing else notices it."""
    if any(isinstance(x.data, Tensor) for x in inputs):
        raise TypeError(
            "x.data: expected an array, but a Tensor was assigned to it; write "
            "x.data -= lr * x.grad, or x.data = y.numpy()"
        )


def array_of(value: Any) -> NDArray[Any]:
    """Return the array of a Tensor, or an array as it is: for masks and other constants."""
    return value.data if isinstance(value, Tensor) else np.asarray(value)
