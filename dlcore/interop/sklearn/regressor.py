"""DLRegressor: a network for numbers, one or several, as scikit-learn wants it."""

from typing import Any, Self

from numpy.typing import NDArray
from sklearn.base import RegressorMixin
from sklearn.utils.validation import _check_sample_weight, validate_data

from dlcore.interop.sklearn.base import FLOATS, DLEstimator, checked_weight
from dlcore.tensor import Tensor


class DLRegressor(RegressorMixin, DLEstimator):  # type: ignore[misc]  # as its base
    r"""Regressor whose network is trained by :func:`dlcore.train.fit` on the squared error.

    Parameters
    ----------
    hidden_sizes : sequence of int, default (100,)
        Widths of the hidden layers; an empty one makes a linear model.
    activation : str or callable, default "relu"
        "elu", "gelu", "identity", "leaky_relu", "relu", "sigmoid", "silu" or "tanh", or what makes
        the activations, such as ``nn.GELU``.
    module : callable, optional
        Makes a network of your own, in place of the two above: called as
        ``module(n_features, n_outputs, rng=rng)``, it returns a Module from (n, n_features) to
        (n, n_outputs). Give `rng` to its layers.
    optimizer : str or callable, default "adam"
        "adabound", "adagrad", "adam", "adamw", "lion", "rmsprop" or "sgd", or what makes the
        optimiser, called as ``optimizer(parameters, lr=lr, weight_decay=weight_decay)``.
    lr : float, default 1e-3
        Learning rate.
    weight_decay : float, default 0
        Weight decay, as the optimiser has it.
    batch_size : int, default 128
        Samples in a step.
    epochs : int, default 200
        Passes over the data, at most.
    early_stopping : bool, default False
        Whether to hold out a part of the data, stop when its loss has stopped falling, and go back
        to the best weights.
    validation_fraction : float, default 0.1
        Its share.
    patience : int, default 10
        How many epochs that are no better are borne.
    warm_start : bool, default False
        Whether `fit` goes on from the weights of the fit before.
    callbacks : sequence of Callback
        Copies of them are told of the ends of batches and epochs.
    random_state : int or numpy.random.RandomState, optional
        Source of first weights, order of samples, and what is held out.
    verbose : bool, default False
        Whether to show progress on stderr.

    Attributes
    ----------
    module_ : Module
        The trained network.
    history_ : History
        Loss, and with early stopping ``val_loss``, epoch by epoch.
    n_iter_ : int
        Epochs of the last fit.
    n_outputs_ : int
        Numbers predicted for a sample.
    callbacks_ : list of Callback
        The copies that were told.
    n_features_in_ : int
        Number of columns.
    feature_names_in_ : ndarray of str, shape (n_features,)
        Their names, if the data had names.

    Notes
    -----
    Neither inputs nor targets are scaled here. Put a ``StandardScaler`` before it, and for targets
    that are not of the order of 1 wrap it into a ``TransformedTargetRegressor``. It works in the
    dtype of the data, and float32 is faster.

    The loss of a batch is :math:`\frac1n \sum_i w_i \frac1k \lVert \hat y_i - y_i \rVert^2` for k
    outputs, with sample weights scaled to a mean of 1; with all data in one batch, a weight of m
    is a sample m times over.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-2, 2, 80)[:, None]
    >>> model = DLRegressor([32], activation="tanh", lr=0.02, batch_size=16, random_state=0)
    >>> print(f"R² = {model.fit(x, np.sin(2 * x[:, 0])).score(x, np.sin(2 * x[:, 0])):.2f}")
    R² = 1.00
    """

    n_outputs_: int

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train the network.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
            Inputs.
        y : array_like, shape (n_samples,) or (n_samples, n_outputs)
            Targets.
        sample_weight : array_like, shape (n_samples,), optional
            How much each sample counts; by default 1.

        Returns
        -------
        DLRegressor
            This estimator.

        Raises
        ------
        ValueError
            If data or parameters do not fit.
        """
        X, y = validate_data(self, X, y, dtype=FLOATS, multi_output=True, y_numeric=True)
        columns = y.reshape(len(y), -1)
        outputs = columns.shape[1]
        if self.warm_start and getattr(self, "n_outputs_", outputs) != outputs:
            raise ValueError(
                f"y: with warm_start=True, expected {self.n_outputs_} outputs, got {outputs}"
            )
        weight = _check_sample_weight(sample_weight, X, ensure_non_negative=True)
        self.n_outputs_, self._one_axis = outputs, y.ndim == 1
        self._train(X, columns, checked_weight(weight), outputs)
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the predicted numbers.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
            Inputs.

        Returns
        -------
        ndarray, shape (n_samples,) or (n_samples, n_outputs)
            In the shape that the targets had.
        """
        out = self._apply(X)
        return out[:, 0] if self._one_axis else out

    def __sklearn_tags__(self) -> Any:
        """Say that several outputs are welcome."""
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def _loss(self, output: Tensor, target: Tensor) -> Tensor:
        error = output - target[:, :-1]
        return ((error * error).mean(dim=1) * target[:, -1]).mean()
