"""Forward mode: derivatives carried along with values, by dual numbers.

A :class:`Dual` holds a value and its tangent, the rate at which the value changes as the input
moves in one chosen direction. Each primitive computes both at once through its ``jvp`` rule, so
one pass yields one directional derivative and nothing needs to be remembered.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlcore.function import Function, Operand
from dlcore.tape import Context
from dlcore.tensor import Tensor, as_tensor


class Dual(Tensor):
    """A Tensor with a tangent, ``primal + ε tangent`` with ``ε² = 0``.

    Parameters
    ----------
    primal : Tensor or array_like
        The value.
    tangent : Tensor or array_like
        Its rate of change, in the shape of `primal`.
    level : int, default 1
        Tells the ε of an inner derivative from that of an outer one.

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    Derived in Chapter 6. The idea is Clifford's (1873), its use for programs Wengert's (1964).

    References
    ----------
    R. E. Wengert, "A simple automatic derivative evaluation program", CACM 7(8), 1964.

    Examples
    --------
    >>> from dlcore.forward import Dual
    >>> x = Dual(3.0, 1.0)
    >>> y = x * x + 4 * x
    >>> print(f"{y.item():.0f} and {y.tangent.item():.0f}")
    21 and 10
    """

    __slots__ = ("level", "primal", "tangent")

    level: int

    def __init__(self, primal: Operand, tangent: Operand, level: int = 1) -> None:
        self.primal = as_tensor(primal)
        if self.primal.dtype.kind != "f":
            self.primal = self.primal.to(np.float32)
        self.tangent = (
            tangent
            if isinstance(tangent, Tensor)
            else Tensor(np.asarray(tangent, self.primal.dtype))
        )
        if self.tangent.shape != self.primal.shape:
            raise ValueError(
                f"tangent: expected the shape of primal, {self.primal.shape}, "
                f"got {self.tangent.shape}"
            )
        super().__init__(self.primal.data)
        self.level = level

    def lift(
        self, function: type[Function], inputs: tuple[Tensor, ...], options: dict[str, Any]
    ) -> tuple[Tensor, Context]:
        """Call `function` on the values, then its tangent rule on the tangents.

        Parameters
        ----------
        function : type[Function]
            The primitive.
        inputs : tuple of Tensor
            Its operands; this is one of those on the highest level.
        options : dict
            Its options.

        Returns
        -------
        out : Dual
            Value and tangent of the result.
        ctx : Context
            The record of the call on the values.
        """
        primals = tuple(_primal(x, self.level) for x in inputs)
        tangents = tuple(_tangent(x, self.level) for x in inputs)
        out, ctx = function.record(primals, options)
        if out.dtype.kind != "f":
            return out, ctx
        if _plain((*primals, *tangents)):
            rule: Any = function.jvp(ctx, *[t.data for t in tangents])
        else:  # something below is being differentiated too: let the rule leave its own traces
            rule = function.jvp(ctx.linked(primals, out), *tangents)
        if np.shape(rule) != out.shape:
            rule = np.broadcast_to(rule, out.shape)
        return Dual(out, rule, self.level), ctx

    def __repr__(self) -> str:
        """Show value and tangent."""
        return f"Dual({self.primal!r}, tangent={self.tangent!r})"


def _primal(x: Tensor, level: int) -> Tensor:
    return x.primal if isinstance(x, Dual) and x.level == level else x


def _tangent(x: Tensor, level: int) -> Tensor:
    if isinstance(x, Dual) and x.level == level:
        return x.tangent
    return Tensor(np.broadcast_to(np.zeros((), x.dtype), x.shape))  # no memory but one zero


def _plain(tensors: tuple[Tensor, ...]) -> bool:
    return not any(x.requires_grad or x.level for x in tensors)


class _Depth(threading.local):
    level = 0


_depth = _Depth()


def jvp(
    f: Callable[..., Any],
    primals: Operand | Sequence[Operand],
    tangents: Operand | Sequence[Operand],
) -> tuple[Tensor, Tensor]:
    """Compute ``f(x)`` and its Jacobian-vector product ``J v`` in one pass.

    Parameters
    ----------
    f : callable
        Function of Tensors that returns a Tensor.
    primals : Tensor or tuple of Tensor
        The point x: one entry for each argument of `f`.
    tangents : Tensor or tuple of Tensor
        The direction v, in the same shapes.

    Returns
    -------
    out : Tensor
        ``f(x)``.
    tangent_out : Tensor
        ``J v``, in the shape of `out`.

    Raises
    ------
    ValueError
        If `primals` and `tangents` do not match.

    Examples
    --------
    >>> import dlcore as dl
    >>> out, slope = dl.forward.jvp(lambda x: (x**3).sum(), dl.tensor([1.0, 2.0]), [0.0, 1.0])
    >>> out.item(), slope.item()
    (9.0, 12.0)
    """
    points = primals if isinstance(primals, tuple) else (primals,)
    directions = tangents if isinstance(tangents, tuple) else (tangents,)
    if len(points) != len(directions):
        raise ValueError(
            f"jvp: expected one tangent for each of {len(points)} primals, got {len(directions)}"
        )
    _depth.level += 1
    try:
        duals = [Dual(p, t, _depth.level) for p, t in zip(points, directions, strict=True)]
        out = f(*duals)
        level = _depth.level
    finally:
        _depth.level -= 1
    if not isinstance(out, Tensor):
        raise TypeError(f"jvp: expected f to return a Tensor, got {type(out).__name__}")
    return _primal(out, level), _tangent(out, level)


def derivative(f: Callable[[Any], Any]) -> Callable[[Operand], Tensor]:
    """Turn an elementwise or scalar function into its derivative.

    Parameters
    ----------
    f : callable
        Maps a Tensor to a Tensor of the same shape, each element by itself.

    Returns
    -------
    callable
        ``f'``; applying `derivative` again gives ``f''``.

    Examples
    --------
    >>> from dlcore.forward import derivative
    >>> curvature = derivative(derivative(lambda x: x**3))
    >>> print(f"{curvature(2.0).item():.0f}")
    12
    """

    def slope(x: Operand) -> Tensor:
        point = _as_float(x)
        return jvp(f, point, Tensor(np.ones_like(point.data)))[1]

    return slope


def gradient(f: Callable[[Any], Any]) -> Callable[[Operand], Tensor]:
    """Turn a scalar function of n inputs into its gradient, by n forward passes.

    Parameters
    ----------
    f : callable
        Maps a Tensor of any shape to a single number.

    Returns
    -------
    callable
        Maps a Tensor to the gradient, in the same shape.

    Raises
    ------
    ValueError
        When called, if `f` does not return a single number.

    Examples
    --------
    >>> from dlcore.forward import gradient
    >>> gradient(lambda x: (x * x).sum())([1.0, 2.0])
    tensor([2., 4.])
    """

    def nabla(x: Operand) -> Tensor:
        columns = jacobian(f)(x)
        if columns.ndim != _as_float(x).ndim:
            raise ValueError(
                "gradient: expected f to return a single number; use jacobian for several"
            )
        return columns

    return nabla


def jacobian(f: Callable[[Any], Any]) -> Callable[[Operand], Tensor]:
    r"""Turn a function into its Jacobian, one forward pass for each input.

    Parameters
    ----------
    f : callable
        Maps a Tensor of shape S to a Tensor of shape R.

    Returns
    -------
    callable
        Maps a Tensor of shape S to the Jacobian of shape (\*R, \*S).

    Examples
    --------
    >>> import dlcore as dl
    >>> f = lambda x: dl.stack([x[0] * x[1], x[0] + x[1]])
    >>> dl.forward.jacobian(f)([2.0, 3.0])
    tensor([[3., 2.],
            [1., 1.]])
    """

    def columns(x: Operand) -> Tensor:
        from dlcore.functional import stack

        point = _as_float(x)
        basis = np.eye(point.numel(), dtype=point.dtype).reshape(-1, *point.shape)
        slopes = [jvp(f, point, Tensor(direction))[1] for direction in basis]
        rows = stack(slopes, dim=-1)
        return rows.reshape(*rows.shape[:-1], *point.shape)

    return columns


def _as_float(x: Operand) -> Tensor:
    point = as_tensor(x)
    return point if point.dtype.kind == "f" else point.to(np.float32)
