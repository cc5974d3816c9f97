"""detect_anomaly: which primitive, in which layer, made the first NaN or infinity."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from dlcore.nn import Module
from dlcore.tape import Context, Observer
from dlcore.tensor import Tensor


@contextmanager
def detect_anomaly(model: Module | None = None) -> Iterator[None]:
    """Raise where a NaN or an infinity first comes up, in a forward or a backward result.

    Parameters
    ----------
    model : Module, optional
        Names the layers in the message.

    Yields
    ------
    None
        Nothing.

    Raises
    ------
    FloatingPointError
        Inside the block, with the name of the primitive and, if `model` is given, the path of the
        layer that called it.

    Notes
    -----
    Inside the block, in the thread that entered it, every result is searched, and training takes
    longer. Elsewhere nothing is looked at, and it costs nothing. Infinities that come in as
    constants, such as those of a mask, are let through until a NaN comes of them.

    NumPy's warnings about the same events are silenced inside. Named as in torch, where only
    gradients are searched, and only for NaN.

    Examples
    --------
    >>> import dlcore as dl
    >>> x = dl.tensor([1.0, 0.0], requires_grad=True)
    >>> with detect_anomaly():
    ...     y = dl.sqrt(x).sum()
    ...     y.backward()
    Traceback (most recent call last):
        ...
    FloatingPointError: the backward rule of sqrt returned inf
    """
    with np.errstate(all="ignore"), _Search(model):
        yield


class _Search(Observer):
    """Searches every result, and knows the layer that is being called."""

    def __init__(self, model: Module | None) -> None:
        named = model.named_modules() if model is not None else ()
        self.paths = {id(module): path for path, module in named}
        self.where: list[str] = []  # the layers that are being called, from the outermost

    def called(self, ctx: Context, out: Tensor) -> None:
        ctx.called_in = self.where[-1] if self.where else ""
        _search(ctx.function.name, [out], ctx.inputs or (), ctx.called_in)

    def swept(self, ctx: Context, grad_out: Any, grads: tuple[Any, ...]) -> None:
        name = f"the backward rule of {ctx.function.name}"
        _search(name, grads, [grad_out], getattr(ctx, "called_in", ""))

    @contextmanager
    def inside(self, module: Module) -> Iterator[None]:
        if id(module) not in self.paths:
            yield
            return
        self.where.append(f"{self.paths[id(module)] or 'the model'} ({type(module).__name__})")
        try:
            yield
        finally:
            self.where.pop()


def find_anomaly(model: Module, step: Callable[[], Any]) -> str | None:
    """Run a step once more, and say where its first NaN or infinity comes from.

    Parameters
    ----------
    model : Module
        Names the layers.
    step : callable
        Computes what was not finite.

    Returns
    -------
    str or None
        A sentence; None if this time everything was finite.
    """
    try:
        with detect_anomaly(model):
            step()
    except FloatingPointError as error:
        return f"First of all, {error}"
    return None


def _search(what: str, results: Sequence[Any], sources: Sequence[Any], called_in: str) -> None:
    """Raise if a result is NaN, or infinite while what it was made from was finite."""
    kinds = {kind for result in results for kind in _kinds(result)}
    if not kinds:
        return
    came_in = {kind for source in sources for kind in _kinds(source)}
    if "nan" in kinds:
        kind = "nan"
    elif not came_in:
        kind = "inf"
    else:
        return
    place = f" in {called_in}" if called_in else ""
    cause = f" from an input that held {' and '.join(sorted(came_in))}" if came_in else ""
    raise FloatingPointError(f"{what}{place} returned {kind}{cause}")


def _kinds(value: Any) -> set[str]:
    """Which of NaN and infinity occur in a Tensor, an array or a number."""
    array = value.data if isinstance(value, Tensor) else np.asarray(value)
    if array.dtype.kind != "f" or np.isfinite(array).all():
        return set()
    return {
        kind
        for kind, found in (("nan", np.isnan(array).any()), ("inf", np.isinf(array).any()))
        if found
    }
