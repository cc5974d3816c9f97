"""The training loop."""

from collections.abc import Iterable, Sized
from typing import Any

import numpy as np

from dlcore.nn import Module
from dlcore.optim import Optimizer
from dlcore.train.evaluate import Loss, evaluate, finite, mode, split
from dlcore.train.history import History
from dlcore.train.progress import Progress
from dlcore.train.scores import Metrics, Scores


def fit(
    model: Module,
    loader: Iterable[Any],
    loss: Loss,
    optimizer: Optimizer,
    epochs: int,
    *,
    validation: Iterable[Any] | None = None,
    metrics: Metrics | None = None,
    progress: bool = True,
) -> History:
    r"""Train a model, pass after pass over the data.

    Parameters
    ----------
    model : Module
        Called as ``model(x)``; its parameters are what `optimizer` holds.
    loader : iterable of (x, ..., y)
        Gives the batches of a pass each time it is iterated: a ``DataLoader``, or a list.
    loss : callable
        Gets output and target, returns a single number, the mean over the batch.
    optimizer : Optimizer
        Makes the steps.
    epochs : int
        Number of passes.
    validation : iterable of (x, ..., y), optional
        Held-out batches, scored after each pass in evaluation mode.
    metrics : mapping of str to metric or callable, optional
        Streaming metrics such as ``metrics.Accuracy()``, or functions of ``(y_true, y_pred)``, by
        the name that they get in the history.
    progress : bool
        Whether to show progress on stderr; ``DLCORE_PROGRESS=0`` in the environment silences it.

    Returns
    -------
    History
        A record an epoch. Training scores are averages over the pass, while the weights change;
        scores of validation are those of the weights after it.

    Raises
    ------
    ValueError
        If `epochs` is below 1 or `loader` gives no batch.
    FloatingPointError
        If the loss is NaN or infinite, with epoch, batch and value; the weights are then those
        before that batch.

    Notes
    -----
    For each batch: forget the gradients, compute output and loss, sweep backward, step. Means are
    weighted by the sizes of the batches, :math:`\sum_b n_b \ell_b / \sum_b n_b`. Ctrl-C ends the
    run after which the history so far is returned, with ``interrupted`` set.

    Examples
    --------
    >>> import numpy as np
    >>> from dlcore import data, nn, optim
    >>> x = np.linspace(-1, 1, 64, dtype=np.float32)[:, None]
    >>> loader = data.DataLoader(data.TensorDataset(x, 3 * x - 1), batch_size=16)
    >>> model = nn.Linear(1, 1, rng=np.random.default_rng(0))
    >>> optimizer = optim.SGD(model.parameters(), lr=0.2)
    >>> history = fit(model, loader, nn.MSELoss(), optimizer, epochs=40, progress=False)
    >>> print(f"{model.weight.item():.2f} {model.bias.item():.2f}")
    3.00 -1.00
    """
    if epochs < 1:
        raise ValueError(f"epochs: expected at least 1, got {epochs}")
    history = History()
    batches = len(loader) if isinstance(loader, Sized) else None
    display = Progress(epochs, batches, progress)
    try:
        for epoch in range(1, epochs + 1):
            record: dict[str, float] = {"epoch": epoch}
            record |= _train(model, loader, loss, optimizer, metrics, epoch, display)
            if validation is not None:
                record |= _validate(model, validation, loss, metrics, epoch)
            history.epochs.append(record)
            display.epoch(record)
    except KeyboardInterrupt:
        history.interrupted = True
    finally:
        display.close()
    return history


def _train(
    model: Module,
    loader: Iterable[Any],
    loss: Loss,
    optimizer: Optimizer,
    metrics: Metrics | None,
    epoch: int,
    display: Progress,
) -> dict[str, float]:
    scores = Scores(metrics)
    with mode(model, training=True):
        for number, batch in enumerate(loader, start=1):
            *inputs, target = split(batch)
            optimizer.zero_grad()
            output = model(*inputs)
            error = loss(output, target)
            value = finite(error, f"epoch {epoch}, batch {number}")
            error.backward()
            optimizer.step()
            scores.add(value, target, output)
            display.batch()
    if scores.samples == 0:
        raise ValueError(
            f"loader: gave no batch in epoch {epoch}; is the dataset empty, smaller than a batch "
            "with drop_last, or a generator that is used up?"
        )
    return _numbers(scores.results())


def _validate(
    model: Module, loader: Iterable[Any], loss: Loss, metrics: Metrics | None, epoch: int
) -> dict[str, float]:
    try:
        scores = evaluate(model, loader, loss, metrics)
    except (ValueError, FloatingPointError) as problem:
        problem.add_note(f"in the validation after epoch {epoch}")
        raise
    return {f"val_{name}": score for name, score in _numbers(scores).items()}


def _numbers(scores: dict[str, Any]) -> dict[str, float]:
    """Refuse what a history cannot keep, such as a matrix."""
    for name, score in scores.items():
        if np.ndim(score) != 0:
            raise TypeError(
                f"metrics[{name!r}]: expected a single number for the history, "
                f"got shape {np.shape(score)}; use evaluate for it"
            )
    return {name: float(score) for name, score in scores.items()}
