"""Scores of predicted classes, in one shot and over a stream of batches."""

from numpy.typing import ArrayLike

from dlcore.metrics.labels import Labels, as_labels, as_weights


def accuracy(
    y_true: Labels,
    y_pred: Labels,
    *,
    normalize: bool = True,
    sample_weight: ArrayLike | None = None,
) -> float:
    r"""Return the fraction of predictions that are right.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,)
        The true classes.
    y_pred : array_like or Tensor, shape (n,) or (n, C)
        The predicted classes, or a score for each of C classes, of which the largest counts.
    normalize : bool
        False returns the number (or weight) of right predictions instead of the fraction.
    sample_weight : array_like, shape (n,), optional
        How much each sample counts.

    Returns
    -------
    float
        Between 0 and 1 where normalized.

    Raises
    ------
    ValueError
        If there is no sample, the lengths differ, or the weights are all zero.

    Notes
    -----
    .. math:: \frac{\sum_i w_i \, [\hat y_i = y_i]}{\sum_i w_i}

    As ``sklearn.metrics.accuracy_score``, which takes classes only. Derived in Chapter 9.

    Examples
    --------
    >>> print(f"{accuracy([0, 1, 2, 2], [0, 1, 1, 2]):.2f}")
    0.75
    """
    true, pred = as_labels(y_true, y_pred)
    weight = as_weights(sample_weight, len(true))
    right = float(weight[true == pred].sum())
    return right / float(weight.sum()) if normalize else right


class Accuracy:
    """Accuracy of a stream of batches.

    Examples
    --------
    >>> score = Accuracy()
    >>> print(f"{score.update([0, 1], [0, 0]).update([2, 2], [2, 2]).compute():.2f}")
    0.75
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget every batch."""
        self.right = 0.0
        self.count = 0

    def update(self, y_true: Labels, y_pred: Labels) -> "Accuracy":
        """Take in a batch.

        Parameters
        ----------
        y_true : array_like or Tensor, shape (n,)
            The true classes.
        y_pred : array_like or Tensor, shape (n,) or (n, C)
            The predicted classes, or scores, of which the largest counts.

        Returns
        -------
        Accuracy
            The object itself.
        """
        true, pred = as_labels(y_true, y_pred)
        self.right += float((true == pred).sum())
        self.count += len(true)
        return self

    def compute(self) -> float:
        """Return the fraction of right predictions so far.

        Returns
        -------
        float
            Between 0 and 1.

        Raises
        ------
        ValueError
            If no batch came yet.
        """
        if self.count == 0:
            raise ValueError("Accuracy: no batch yet; call update first")
        return self.right / self.count
