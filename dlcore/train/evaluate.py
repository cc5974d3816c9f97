"""Use a model without training it: predictions, and scores on held-out data."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.nn import Module
from dlcore.nn.module import mode
from dlcore.tape import no_grad
from dlcore.tensor import Tensor, as_tensor
from dlcore.train.scores import Metrics, Scores

Loss = Callable[[Any, Any], Tensor]


def predict(model: Module, x: ArrayLike | Tensor, batch_size: int = 256) -> NDArray[Any]:
    """Apply a model to many inputs, batch by batch, in evaluation mode and without a tape.

    Parameters
    ----------
    model : Module
        Its modes are afterwards what they were.
    x : array_like or Tensor, shape (n, ...)
        The inputs.
    batch_size : int
        How many at once; it bounds the memory and changes nothing else.

    Returns
    -------
    ndarray, shape (n, ...)
        The outputs.

    Raises
    ------
    ValueError
        If there is no input, or `batch_size` is below 1.

    Examples
    --------
    >>> from dlcore import nn
    >>> print(predict(nn.ReLU(), [[-1.0, 2.0]]).tolist())
    [[0.0, 2.0]]
    """
    inputs = as_tensor(x)
    if inputs.ndim == 0 or len(inputs) == 0:
        raise ValueError(f"x: expected at least one input, got shape {inputs.shape}")
    if batch_size < 1:
        raise ValueError(f"batch_size: expected at least 1, got {batch_size}")
    with mode(model, training=False), no_grad():
        outputs = [
            model(Tensor(inputs.data[start : start + batch_size])).data
            for start in range(0, len(inputs), batch_size)
        ]
    return np.concatenate(outputs)


def evaluate(
    model: Module,
    loader: Iterable[Any],
    loss: Loss | None = None,
    metrics: Metrics | None = None,
) -> dict[str, Any]:
    """Score a model on a pass over data, in evaluation mode and without a tape.

    Parameters
    ----------
    model : Module
        Its modes are afterwards what they were.
    loader : iterable of (x, ..., y)
        Batches, such as those of a ``DataLoader``.
    loss : callable, optional
        Gets output and target, returns a single number, the mean over the batch.
    metrics : mapping of str to metric or callable, optional
        As in :func:`dlcore.train.fit`.

    Returns
    -------
    dict of str to float
        ``loss``, if one was given, and the metrics by name.

    Raises
    ------
    ValueError
        If `loader` gives no batch, or a loss is no single number.
    FloatingPointError
        If a loss is NaN or infinite.

    Examples
    --------
    >>> import numpy as np
    >>> from dlcore import metrics, nn
    >>> batches = [(Tensor([[2.0, 1.0], [0.0, 3.0]]), np.array([0, 0]))]
    >>> print(evaluate(nn.ReLU(), batches, metrics={"accuracy": metrics.accuracy}))
    {'accuracy': 0.5}
    """
    scores = Scores(metrics)
    with mode(model, training=False), no_grad():
        for number, batch in enumerate(loader, start=1):
            *inputs, target = split(batch)
            output = model(*inputs)
            value = None if loss is None else finite(loss(output, target), f"batch {number}")
            scores.add(value, target, output)
    if scores.samples == 0:
        raise ValueError("loader: gave no batch")
    return scores.results(with_loss=loss is not None)


def split(batch: Any) -> tuple[Any, ...]:
    """Return a batch as inputs and, last, the target.

    Parameters
    ----------
    batch : tuple or list
        At least one input and the target.

    Returns
    -------
    tuple
        The same, checked.

    Raises
    ------
    TypeError
        If it is something else.
    """
    if not isinstance(batch, tuple | list) or len(batch) < 2:
        raise TypeError(
            f"loader: expected batches (x, y) of inputs and target, got {type(batch).__name__}"
        )
    return tuple(batch)


def finite(loss: Any, where: str) -> float:
    """Return a loss as a number, if it is a finite one.

    Parameters
    ----------
    loss : Tensor
        What the loss function returned.
    where : str
        Epoch and batch, for the message.

    Returns
    -------
    float
        The number.

    Raises
    ------
    TypeError
        If it is not a Tensor.
    ValueError
        If it has more than one element.
    FloatingPointError
        If it is NaN or infinite.
    """
    if not isinstance(loss, Tensor):
        raise TypeError(f"loss: expected a function that returns a Tensor, got {loss!r}")
    if loss.numel() != 1:
        raise ValueError(
            f"loss: expected a single number, got shape {loss.shape}; reduce it with mean()"
        )
    return finite_number(float(loss.item()), where)


def finite_number(value: float, where: str, name: str = "loss") -> float:
    """Return a number that must be finite.

    Parameters
    ----------
    value : float
        The number.
    where : str
        Epoch and batch, for the message.
    name : str
        What it measures.

    Returns
    -------
    float
        The number.

    Raises
    ------
    FloatingPointError
        If it is NaN or infinite.
    """
    if not math.isfinite(value):
        raise FloatingPointError(
            f"{name}: {value} in {where}. A smaller learning rate may help; look for division by "
            "zero, log of zero and inputs that are not finite"
        )
    return value
