"""The training loop."""

from collections.abc import Callable, Iterable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from dlcore.nn import Module
from dlcore.optim import Optimizer
from dlcore.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau
from dlcore.tensor import Tensor
from dlcore.train.callbacks import Callback
from dlcore.train.evaluate import Loss
from dlcore.train.history import History
from dlcore.train.run import Run
from dlcore.train.scores import Metrics


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
    schedule: LRScheduler | None = None,
    step_schedule: Literal["epoch", "batch"] = "epoch",
    accumulate: int = 1,
    clip: float | Callable[[list[Tensor]], Any] | None = None,
    penalty: Callable[[Module], Tensor | float] | None = None,
    callbacks: Sequence[Callback] = (),
    checkpoint: str | PathLike[str] | None = None,
    checkpoint_every: int | None = None,
    resume: bool = False,
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
    schedule : LRScheduler, optional
        Changes the learning rate, which then has a column ``lr``. ``ReduceLROnPlateau`` gets
        ``val_loss``, or ``loss`` where there is no validation.
    step_schedule : {"epoch", "batch"}
        Whether it goes on after each epoch or after each step of the optimiser.
    accumulate : int
        How many batches make one step, with the gradients that all their samples would have given
        as one batch; what is left over at the end of a pass makes a last step.
    clip : float or callable, optional
        The largest norm of all gradients together, or a function that gets the list of parameters
        before the step, such as one that calls ``optim.clip_grad_value_``.
    penalty : callable, optional
        Gets the model; what it returns is added to the loss that is differentiated, not to the one
        in the history: ``train.L2Penalty(1e-4)``.
    callbacks : sequence of Callback
        Are told of the ends of batches and epochs; :class:`EarlyStopping` is one.
    checkpoint : path-like, optional
        A file that is written after every epoch with all that is needed to go on.
    checkpoint_every : int, optional
        After how many steps within an epoch it is written as well.
    resume : bool
        Whether to go on from the checkpoint, if there is one. Everything else must be made as it
        was at the start.

    Returns
    -------
    History
        A record an epoch. Training scores are averages over the pass, while the weights change;
        scores of validation are those of the weights after it.

    Raises
    ------
    TypeError
        If a callback is none, or a batch or the loss is of the wrong kind.
    ValueError
        If `epochs` is below 1, `loader` gives no batch, `optimizer` holds no parameter of the
        model, `schedule` is that of another optimiser, or options do not go together.
    FloatingPointError
        If the loss is NaN or infinite, with epoch, batch and value, and the first layer and
        primitive that made it so; the weights are then those before that batch.
    CheckpointError
        If the checkpoint to resume from is damaged or belongs to another run.
    OSError
        If the checkpoint cannot be written; the earlier one is then as it was.

    Notes
    -----
    For each batch: forget the gradients, compute output and loss, sweep backward, step. Means are
    weighted by the sizes of the batches, :math:`\sum_b n_b \ell_b / \sum_b n_b`. Ctrl-C ends the
    run after which the history so far is returned, with ``interrupted`` set.

    A run that was killed and is resumed ends with the same bits as one that was not: the
    checkpoint holds weights, optimiser, schedule, position in the loader, callbacks and the states
    of the default generator, the loaders' and the layers'. A generator elsewhere, such as one in a
    dataset of your own, is not in it.

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
    _check(epochs, accumulate, checkpoint, checkpoint_every, resume)
    _check_parts(model, optimizer, schedule, callbacks)
    if step_schedule not in ("epoch", "batch"):
        raise ValueError(f"step_schedule: expected 'epoch' or 'batch', got {step_schedule!r}")
    if step_schedule == "batch" and isinstance(schedule, ReduceLROnPlateau):
        raise ValueError("step_schedule: ReduceLROnPlateau needs the score of an epoch")
    run = Run(
        model=model, loader=loader, loss=loss, optimizer=optimizer, validation=validation,
        metrics=metrics, schedule=schedule, step_schedule=step_schedule, accumulate=accumulate,
        clip=clip, penalty=penalty, callbacks=callbacks, checkpoint=checkpoint,
        checkpoint_every=checkpoint_every,
    )  # fmt: skip
    run.tell("on_train_begin")
    if resume and checkpoint is not None and Path(checkpoint).exists():
        run.resume()
    run.run(epochs, progress)
    run.tell("on_train_end")
    return run.history


def _check_parts(
    model: Module,
    optimizer: Optimizer,
    schedule: LRScheduler | None,
    callbacks: Sequence[Callback],
) -> None:
    """Refuse parts that do not belong together: in a notebook, one is easily made anew alone."""
    learnt = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if learnt.isdisjoint(map(id, model.parameters())):
        raise ValueError(
            "optimizer: it holds no parameter of this model; was the model built anew after it? "
            "Make the optimizer from model.parameters() of this one"
        )
    if schedule is not None and schedule.optimizer is not optimizer:
        raise ValueError("schedule: it is that of another optimizer; make it from this one")
    if not isinstance(callbacks, Sequence) or not all(isinstance(c, Callback) for c in callbacks):
        raise TypeError(f"callbacks: expected a list of Callback objects, got {callbacks!r}")


def _check(
    epochs: int,
    accumulate: int,
    checkpoint: str | PathLike[str] | None,
    checkpoint_every: int | None,
    resume: bool,
) -> None:
    for name, value in (("epochs", epochs), ("accumulate", accumulate)):
        if value < 1:
            raise ValueError(f"{name}: expected at least 1, got {value}")
    if checkpoint_every is not None and checkpoint_every < 1:
        raise ValueError(f"checkpoint_every: expected at least 1, got {checkpoint_every}")
    if checkpoint is None and (resume or checkpoint_every is not None):
        raise ValueError("checkpoint: resume and checkpoint_every need the path of a file")
