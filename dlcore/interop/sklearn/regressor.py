"""DLRegressor: a network for numbers, one or several, as scikit-learn wants it."""

from typing import Any, Self

from numpy.typing import NDArray
from sklearn.base import RegressorMixin
from sklearn.utils.validation import _check_sample_weight, validate_data

from dlcore.interop.sklearn.base import FLOATS, DLEstimator, checked_weight
from dlcore.tensor import Tensor


class DLRegressor(RegressorMixin, DLEstimator):  # type: ignore[misc]  # as its base
    r"""Regressor whose network is trained by :func:`dlcore.train.fit` on the squared error.

    The other parameters are those of :class:`DLClassifier`.

    Parameters
    ----------
    module : callable, optional
        Makes a network of your own, in place of the two above: called as
        ``module(n_features, n_outputs, rng=rng)``, it returns a Module from (n, n_features) to
        (n, n_outputs). Give `rng` to its layers.
    validation_fraction : float, default 0.1
        Its share.

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

        The other parameters are those of :meth:`DLClassifier.fit`.

        Parameters
        ----------
        y : array_like, shape (n_samples,) or (n_samples, n_outputs)
            Targets.

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

        The parameters are those of :meth:`DLClassifier.fit`.

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
