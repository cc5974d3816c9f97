"""Gradient checks: a derivative rule against finite differences, one input at a time."""

import functools
import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.tensor import Tensor, grad


class GradcheckError(AssertionError):
    """A gradient that finite differences do not confirm; the message says which and by how much."""


def numerical_gradient(
    f: Callable[[], float], array: NDArray[np.float64], eps: float = 1e-6
) -> NDArray[np.float64]:
    """Estimate the gradient of `f` with respect to an array that it reads.

    Parameters
    ----------
    f : callable
        Takes nothing, reads `array`, returns a number.
    array : numpy.ndarray of float64
        Is changed in place, one element at a time, and restored.
    eps : float, default 1e-6
        Step to either side.

    Returns
    -------
    numpy.ndarray
        Central differences ``(f(x + eps) - f(x - eps)) / (2 eps)``, in the shape of `array`.

    Notes
    -----
    The truncation error is of order eps², the rounding error of order 1e-16 / eps. Derived in
    Chapter 6.
    """
    out = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        before = array[index]
        array[index] = before + eps
        above = f()
        array[index] = before - eps
        below = f()
        array[index] = before
        out[index] = (above - below) / (2 * eps)
    return out


def gradcheck(
    f: Callable[..., Tensor],
    inputs: Tensor | Sequence[Tensor],
    eps: float = 1e-6,
    atol: float = 1e-8,
    rtol: float = 1e-6,
) -> bool:
    """Check the backward rules behind `f` against finite differences.

    Parameters
    ----------
    f : callable
        Maps the inputs to a Tensor of any shape.
    inputs : Tensor or sequence of Tensor
        The point; those that require a gradient are checked, and must be float64.
    eps : float, default 1e-6
        Step of the differences.
    atol, rtol : float
        An element passes if ``|got - expected| <= atol + rtol * scale``, where scale is the
        largest expected element, but at least 1.

    Returns
    -------
    bool
        True; a failure raises.

    Raises
    ------
    GradcheckError
        If a gradient is wrong. The message names the function, the input, the index, what came
        and what was expected.
    TypeError
        If an input that requires a gradient is not float64: float32 differences are too coarse.

    Notes
    -----
    The output is contracted with fixed random weights, so that one sweep checks all elements of
    the Jacobian at once, except with probability zero.

    Examples
    --------
    >>> import dlcore as dl
    >>> x = dl.tensor([0.3, -1.2], dtype="float64", requires_grad=True)
    >>> dl.gradcheck(lambda x: x.sin() * x, x)
    True
    """
    points = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    checked = [(i, x) for i, x in enumerate(points) if x.requires_grad]
    if not checked:
        raise ValueError("gradcheck: expected at least one input with requires_grad=True")
    for i, x in enumerate(points):
        if x.requires_grad and x.dtype != np.float64:
            raise TypeError(f"gradcheck: input {i} must be float64, got {x.dtype}")
    out = f(*points)
    weights = _weights(out)
    grads = grad(out, [x for _, x in checked], Tensor(weights), allow_unused=True)

    def contracted() -> float:
        return float(np.sum(f(*points).data * weights))

    for (i, x), got in zip(checked, grads, strict=True):
        x.data = np.array(x.data)  # writable, and no view of another input
        expected = numerical_gradient(contracted, x.data, eps)
        _compare(f, i, got.data, expected, atol=atol, rtol=rtol)
    return True


def gradgradcheck(
    f: Callable[..., Tensor],
    inputs: Tensor | Sequence[Tensor],
    eps: float = 1e-6,
    atol: float = 1e-8,
    rtol: float = 1e-6,
) -> bool:
    """Check second derivatives: :func:`gradcheck` of the gradient of `f`.

    Parameters
    ----------
    f : callable
        Maps the inputs to a Tensor of any shape.
    inputs : Tensor or sequence of Tensor
        As in :func:`gradcheck`.
    eps, atol, rtol : float
        As in :func:`gradcheck`.

    Returns
    -------
    bool
        True; a failure raises :class:`GradcheckError`.
    """
    points = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    checked = [i for i, x in enumerate(points) if x.requires_grad]

    def slope(*xs: Tensor) -> Tensor:
        out = f(*xs)
        wrt = [xs[i] for i in checked]
        seed = Tensor(_weights(out))
        grads = grad(out, wrt, seed, create_graph=True, allow_unused=True)
        # The slope of a linear function is constant; zero times x keeps it on the tape.
        terms = [
            (g * Tensor(_weights(g, 1 + k))).sum() + (x * 0).sum()
            for k, (g, x) in enumerate(zip(grads, wrt, strict=True))
        ]
        return functools.reduce(operator.add, terms)

    return gradcheck(slope, points, eps, atol, rtol)


def _name(f: Callable[..., Any]) -> str:
    """Name a function for a message; ``Cube.apply`` by the primitive, which inherits `apply`."""
    owner = getattr(f, "__self__", None)
    return (
        f"{owner.__name__}.apply"
        if isinstance(owner, type)
        else getattr(f, "__qualname__", repr(f))
    )


def _weights(out: Tensor, seed: int = 0) -> NDArray[Any]:
    if out.numel() == 1:  # nothing to tell apart: the message then shows the gradient itself
        return np.ones_like(out.data)
    return np.random.default_rng(seed).uniform(0.5, 1.5, out.shape).astype(out.dtype)


def _compare(
    f: Callable[..., Any],
    position: int,
    got: NDArray[Any],
    expected: NDArray[Any],
    *,
    atol: float,
    rtol: float,
) -> None:
    scale = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    wrong = ~(np.abs(got - expected) <= atol + rtol * scale)  # NaN counts as wrong
    if np.any(wrong):
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise GradcheckError(
            f"{_name(f)}: gradient of input {position} at index {index}: "
            f"got {got[index]:.6g}, expected {expected[index]:.6g} from finite differences "
            f"({int(np.sum(wrong))} of {wrong.size} elements are wrong)"
        )
