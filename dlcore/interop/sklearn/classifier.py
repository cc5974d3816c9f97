"""DLClassifier: a network that scikit-learn can fit, clone, search over and score."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, column_or_1d, validate_data

from dlcore import functional as F, optim
from dlcore.interop.sklearn.base import FLOATS, DLEstimator, Factory, checked_weight
from dlcore.tensor import Tensor
from dlcore.train import Callback


class DLClassifier(ClassifierMixin, DLEstimator):  # type: ignore[misc]  # as its base
    r"""Classifier whose network is trained by :func:`dlcore.train.fit` on the cross-entropy.

    Parameters
    ----------
    hidden_sizes : sequence of int, default (100,)
        Widths of the hidden layers; an empty one makes a linear model.
    activation : str or callable, default "relu"
        "elu", "gelu", "identity", "leaky_relu", "relu", "sigmoid", "silu" or "tanh", or what makes
        the activations, such as ``nn.GELU``.
    module : callable, optional
        Makes a network of your own, in place of the two above: called as
        ``module(n_features, n_classes, rng=rng)``, it returns a Module from (n, n_features) to
        scores before the softmax, (n, n_classes). Give `rng` to its layers.
    optimizer : str or callable, default "adam"
        "adabound", "adagrad", "adam", "adamw", "lion", "rmsprop" or "sgd", or what makes the
        optimiser, called as ``optimizer(parameters, lr=lr, weight_decay=weight_decay)``.
    lr : float, default 1e-3
        Learning rate.
    weight_decay : float, default 0
        Weight decay, as the optimiser has it.
    batch_size : int, default 128
        Samples in a step.
    drop_last : bool, default False
        Whether to leave out a last batch that is smaller, which batch normalisation cannot take if
        it is a single sample.
    epochs : int, default 200
        Passes over the data, at most.
    early_stopping : bool, default False
        Whether to hold out a part of the data, stop when its loss has stopped falling, and go back
        to the best weights.
    validation_fraction : float, default 0.1
        Its share; the classes have in it the shares that they have in the whole.
    patience : int, default 10
        How many epochs that are no better are borne.
    warm_start : bool, default False
        Whether `fit` goes on from the weights of the fit before.
    class_weight : dict or "balanced", optional
        Weight of each class, as in scikit-learn; by default 1.
    callbacks : sequence of Callback
        Copies of them are told of the ends of batches and epochs.
    random_state : int or numpy.random.RandomState, optional
        Source of first weights, order of samples, and what is held out.
    verbose : bool, default False
        Whether to show progress on stderr.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        The labels.
    module_ : Module
        The trained network.
    history_ : History
        Loss, and with early stopping ``val_loss``, epoch by epoch.
    n_iter_ : int
        Epochs of the last fit.
    callbacks_ : list of Callback
        The copies that were told.
    n_features_in_ : int
        Number of columns.
    feature_names_in_ : ndarray of str, shape (n_features,)
        Their names, if the data had names.

    Notes
    -----
    Networks want inputs of like size: put a ``StandardScaler`` before it. It works in the dtype of
    the data, and float32 is faster. For a given `random_state` a fit gives the same weights again;
    so do layers that draw, such as dropout, if they are given `rng`.

    The loss of a batch is :math:`\frac1n \sum_i w_i \ell_i`, with sample weights scaled to a mean
    of 1; with all data in one batch, a weight of k is a sample k times over.

    Examples
    --------
    >>> from sklearn.datasets import make_moons
    >>> X, y = make_moons(200, noise=0.1, random_state=0)
    >>> model = DLClassifier([32], lr=0.02, epochs=100, random_state=0).fit(X[:150], y[:150])
    >>> print(f"{model.score(X[150:], y[150:]):.2f}", model.predict_proba(X[:2]).shape)
    1.00 (2, 2)
    """

    classes_: NDArray[Any]

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
        class_weight: Mapping[Any, float] | str | None = None,
        callbacks: Sequence[Callback] = (),
        random_state: Any = None,
        verbose: bool = False,
    ) -> None:
        super().__init__(
            hidden_sizes, activation=activation, module=module, optimizer=optimizer, lr=lr,
            weight_decay=weight_decay, batch_size=batch_size, drop_last=drop_last,
            epochs=epochs, early_stopping=early_stopping, validation_fraction=validation_fraction,
            patience=patience, warm_start=warm_start, callbacks=callbacks,
            random_state=random_state, verbose=verbose,
        )  # fmt: skip
        self.class_weight = class_weight

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train the network.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
            Inputs.
        y : array_like, shape (n_samples,)
            Labels: numbers or strings.
        sample_weight : array_like, shape (n_samples,), optional
            How much each sample counts; by default 1.

        Returns
        -------
        DLClassifier
            This estimator.

        Raises
        ------
        ValueError
            If data or parameters do not fit.
        """
        X, y = validate_data(self, X, y, dtype=FLOATS)
        check_classification_targets(y)
        classes, codes = np.unique(column_or_1d(y, warn=True), return_inverse=True)
        if self.warm_start and not np.array_equal(getattr(self, "classes_", classes), classes):
            raise ValueError(
                f"y: with warm_start=True, expected the classes {self.classes_.tolist()}, "
                f"got {classes.tolist()}"
            )
        weight = _check_sample_weight(sample_weight, X, ensure_non_negative=True)
        weight = checked_weight(weight * compute_sample_weight(self.class_weight, y))
        self.classes_ = classes
        self._train(X, codes, weight, len(classes), labels=codes)
        return self

    def predict_proba(self, X: Any) -> NDArray[Any]:
        """Return the probability of each class.

        The parameters are those of :meth:`DLClassifier.fit`.

        Returns
        -------
        ndarray, shape (n_samples, n_classes)
            Columns in the order of ``classes_``.
        """
        return F.softmax(self._apply(X), -1).data

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable label.

        The parameters are those of :meth:`DLClassifier.fit`.

        Returns
        -------
        ndarray, shape (n_samples,)
            Elements of ``classes_``.
        """
        best = self._apply(X).argmax(axis=1)
        labels: NDArray[Any] = self.classes_[best]
        return labels

    def _loss(self, output: Tensor, target: Tensor) -> Tensor:
        codes = target.data[:, 0].astype(np.int64)
        return (F.cross_entropy(output, codes, reduction="none") * target[:, 1]).mean()
