"""What both estimators share: parameters, the network, and the call of ``train.fit``."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from dlcore import nn, optim
from dlcore.data import DataLoader, TensorDataset
from dlcore.models import MLP
from dlcore.tensor import Tensor
from dlcore.train import Callback, EarlyStopping, History, fit, predict

Array = NDArray[Any]
Rows = tuple[Array, Array]  # inputs; targets with the weight of each sample as last column
Factory = Callable[..., nn.Module]

ACTIVATIONS: dict[str, Factory] = {
    "elu": nn.ELU, "gelu": nn.GELU, "identity": nn.Identity, "leaky_relu": nn.LeakyReLU,
    "relu": nn.ReLU, "sigmoid": nn.Sigmoid, "silu": nn.SiLU, "tanh": nn.Tanh,
}  # fmt: skip
OPTIMIZERS: dict[str, Callable[..., optim.Optimizer]] = {
    "adabound": optim.AdaBound, "adagrad": optim.Adagrad, "adam": optim.Adam,
    "adamw": optim.AdamW, "lion": optim.Lion, "rmsprop": optim.RMSprop, "sgd": optim.SGD,
}  # fmt: skip
FLOATS = [np.float64, np.float32]


class DLEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn states no types
    """Base of :class:`DLClassifier` and :class:`DLRegressor`, which document the parameters."""

    module_: nn.Module
    history_: History

    def __init__(
        self,
        hidden_sizes: Sequence[int] = (100,),
        *,
        activation: str | Factory = "relu",
        module: Factory | None = None,
        optimizer: str | Callable[..., optim.Optimizer] = "adam",
        lr: float = 1e-3,
        weight_decay: float = 0.0,
        batch_size: int = 128,
        drop_last: bool = False,
        epochs: int = 200,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        patience: int = 10,
        warm_start: bool = False,
        callbacks: Sequence[Callback] = (),
        random_state: Any = None,
        verbose: bool = False,
    ) -> None:
        self.hidden_sizes = hidden_sizes
        self.activation = activation
        self.module = module
        self.optimizer = optimizer
        self.lr = lr
        self.weight_decay = weight_decay
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.epochs = epochs
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.warm_start = warm_start
        self.callbacks = callbacks
        self.random_state = random_state
        self.verbose = verbose

    def _loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Return the weighted mean loss; the last column of `target` holds the weights."""
        raise NotImplementedError

    def _train(self, x: Array, y: Array, weight: Array, outputs: int, labels: Any = None) -> None:
        seed = check_random_state(self.random_state).randint(np.iinfo(np.int32).max)
        rng = np.random.default_rng(seed)
        if not (self.warm_start and hasattr(self, "module_")):
            module = self._build(x.shape[1], outputs, rng).to(x.dtype)
            _check_output(module, x, outputs)
            self.module_ = module
        target = np.column_stack([y, weight]).astype(x.dtype)
        rows, held_out = self._divide((x, target), labels, seed)
        loader = self._loader(rows, shuffle=True, rng=rng)
        self.callbacks_ = [deepcopy(callback) for callback in self.callbacks]
        if held_out is not None:
            self.callbacks_.append(EarlyStopping(patience=self.patience))
        self.history_ = fit(
            self.module_,
            loader,
            self._loss,
            self._optimizer(),
            self.epochs,
            validation=None if held_out is None else self._loader(held_out),
            callbacks=self.callbacks_,
            progress=bool(self.verbose),
        )
        self.n_iter_ = len(self.history_)

    def _apply(self, X: Any) -> Array:
        check_is_fitted(self, "history_")
        x = validate_data(self, X, dtype=self._dtype(), reset=False)
        return predict(self.module_, x)

    def _dtype(self) -> np.dtype[Any]:
        return next(self.module_.parameters()).dtype

    def _build(self, inputs: int, outputs: int, rng: np.random.Generator) -> nn.Module:
        if self.module is not None:
            if isinstance(self.module, nn.Module) or not callable(self.module):
                raise TypeError(
                    "module: expected a function or class that makes a network, called as "
                    f"module(in_features, out_features, rng=rng), got {self.module!r}"
                )
            return self.module(inputs, outputs, rng=rng)
        if isinstance(self.hidden_sizes, Integral):
            raise ValueError(f"hidden_sizes: expected a sequence, got {self.hidden_sizes}")
        sizes = list(self.hidden_sizes)
        if any(not isinstance(n, Integral) or n < 1 for n in sizes):
            raise ValueError(f"hidden_sizes: expected positive integers, got {sizes}")
        activation = chosen("activation", self.activation, ACTIVATIONS)
        return MLP([inputs, *sizes, outputs], activation, rng)

    def _optimizer(self) -> optim.Optimizer:
        make: Callable[..., optim.Optimizer] = chosen("optimizer", self.optimizer, OPTIMIZERS)
        parameters = self.module_.parameters()
        return make(parameters, lr=self.lr, weight_decay=self.weight_decay)

    def _divide(self, rows: Rows, labels: Any, seed: int) -> tuple[Rows, Rows | None]:
        kept = np.flatnonzero(rows[1][:, -1])
        if not self.early_stopping:
            return _scaled(rows, kept), None
        stratify = None if labels is None else labels[kept]
        kept, held = train_test_split(
            kept, test_size=self.validation_fraction, stratify=stratify, random_state=seed
        )
        return _scaled(rows, kept), _scaled(rows, held)

    def _loader(
        self, rows: Rows, shuffle: bool = False, rng: np.random.Generator | None = None
    ) -> DataLoader:
        drop_last = shuffle and self.drop_last and len(rows[0]) > self.batch_size
        return DataLoader(TensorDataset(*rows), self.batch_size, shuffle, drop_last, rng=rng)


def chosen(argument: str, value: Any, table: dict[str, Any]) -> Any:
    """Return what a name stands for, or `value` itself if it can be called.

    Parameters
    ----------
    argument : str
        Whose value it is, for the message.
    value : str or callable
        What was given.
    table : dict of str to callable
        The names.

    Returns
    -------
    callable
        What makes the thing.

    Raises
    ------
    ValueError
        If it is neither.
    """
    if isinstance(value, str) and value in table:
        return table[value]
    if isinstance(value, str | nn.Module) or not callable(value):
        names = ", ".join(map(repr, table))
        raise ValueError(
            f"{argument}: expected a function, a class or one of {names}, got {value!r}"
        )
    return value


def _check_output(module: nn.Module, x: Array, outputs: int) -> None:
    got = predict(module, x[:1]).shape
    if got != (1, outputs):
        raise ValueError(
            f"module: expected a network that turns {x[:1].shape} into (1, {outputs}), got {got}"
        )


def _scaled(rows: Rows, kept: Array) -> Rows:
    x, target = (array[kept] for array in rows)
    target[:, -1] /= target[:, -1].mean()
    return x, target


def checked_weight(sample_weight: Array) -> Array:
    """Return sample weights, if at least one of them counts.

    Parameters
    ----------
    sample_weight : ndarray, shape (n,)
        Weights of at least zero.

    Returns
    -------
    ndarray, shape (n,)
        The same.

    Raises
    ------
    ValueError
        If all are zero.
    """
    if not sample_weight.any():
        raise ValueError("sample_weight: expected at least one weight above zero, got none")
    return sample_weight
