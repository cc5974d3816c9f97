"""What metrics are given, turned into arrays of classes and of weights."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.tensor import Tensor

Labels = ArrayLike | Tensor


def as_array(y: Labels) -> NDArray[Any]:
    """Turn what a metric is given into an array: the same numbers or strings."""
    array = y.data if isinstance(y, Tensor) else np.asarray(y)
    if array.dtype.kind not in "OT":  # objects, as a pandas column of text, or StringDType
        return array
    kinds = {type(value) for value in array.flat}
    if len(kinds) > 1 and any(issubclass(kind, str | bytes) for kind in kinds):
        names = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise ValueError(f"y_true, y_pred: expected all numbers or all strings, got {names} in one")
    plain = np.array(array.tolist())
    if plain.dtype.kind not in "biufUS":
        raise ValueError(f"y_true, y_pred: expected numbers or strings, got {plain.dtype}")
    return plain


def as_labels(y_true: Labels, y_pred: Labels) -> tuple[NDArray[Any], NDArray[Any]]:
    """Turn what metrics are given into two arrays (n,) of classes; of ties the first class wins."""
    true, pred = as_array(y_true), as_array(y_pred)
    if pred.ndim == 2 and pred.shape[1] > 1:
        _check_not_nan("y_pred", pred, "finite numbers")
        pred = pred.argmax(axis=1)
    if true.ndim != 1 or pred.shape != true.shape:
        raise ValueError(
            "y_true, y_pred: expected shapes (n,) and (n,), or (n, C) for scores of C ≥ 2 classes, "
            f"got {true.shape} and {pred.shape}"
        )
    if len(true) == 0:
        raise ValueError("y_true, y_pred: expected at least one sample, got none")
    kinds = [{"U": "strings", "S": "bytes"}.get(y.dtype.kind, "numbers") for y in (true, pred)]
    if kinds[0] != kinds[1]:
        raise ValueError(
            f"y_true, y_pred: expected both numbers or both strings, got {kinds[0]} and {kinds[1]}"
        )
    for name, labels in (("y_true", true), ("y_pred", pred)):
        _check_not_nan(name, labels, "classes")
        if labels.dtype.kind == "f" and not (labels == np.floor(labels)).all():
            raise ValueError(f"{name}: expected classes, got numbers that are not whole")
    return true, pred


def _check_not_nan(name: str, values: NDArray[Any], expected: str) -> None:
    missing = int(np.isnan(values).sum()) if values.dtype.kind == "f" else 0
    if missing:
        raise ValueError(
            f"{name}: expected {expected}, got NaN in {missing} of {values.size} places; "
            "look for what has made them"
        )


def as_weights(sample_weight: ArrayLike | None, n: int) -> NDArray[np.float64]:
    """Turn sample weights into an array (n,); without any, each sample weighs 1."""
    if sample_weight is None:
        return np.ones(n)
    weight = np.asarray(sample_weight, dtype=np.float64)
    if weight.shape != (n,):
        raise ValueError(f"sample_weight: expected shape ({n},), got {weight.shape}")
    if not weight.any():
        raise ValueError("sample_weight: expected at least one weight that is not zero")
    return weight


def check_samples(true: NDArray[Any], pred: NDArray[Any], *, name: str = "y_pred") -> None:
    """Refuse classes (n,) and scores (n,) or (n, C) that do not belong together."""
    if true.ndim != 1 or pred.ndim not in (1, 2) or len(pred) != len(true):
        raise ValueError(
            f"y_true, {name}: expected shapes (n,) and (n,) or (n, C), "
            f"got {true.shape} and {pred.shape}"
        )
    if len(true) == 0:
        raise ValueError(f"y_true, {name}: expected at least one sample, got none")
    _check_not_nan("y_true", true, "classes")
    _check_not_nan(name, pred, "finite numbers")
    if pred.dtype.kind not in "biuf" or not np.isfinite(pred).all():
        raise ValueError(f"{name}: expected finite numbers")


def check_range(true: NDArray[Any], pred: NDArray[Any], num_classes: int) -> None:
    """Refuse classes that a stream of `num_classes` has no place for."""
    for name, classes in (("y_true", true), ("y_pred", pred)):
        inside = classes.dtype.kind in "biuf" and (
            (classes >= 0) & (classes < num_classes) & (classes == np.floor(classes))
        )
        if not np.all(inside):
            raise ValueError(f"{name}: expected integers from 0 to {num_classes - 1}")


def class_columns(true: NDArray[Any], columns: int, labels: ArrayLike | None) -> NDArray[np.intp]:
    """Find the column of scores that belongs to each true class, among sorted `labels`."""
    classes = np.unique(true) if labels is None else np.asarray(labels)
    if labels is not None and not np.array_equal(classes, np.unique(classes)):
        raise ValueError(f"labels: expected each class once, sorted, got {classes.tolist()}")
    if len(classes) != columns:
        raise ValueError(
            f"labels: expected {columns} classes, one a column of scores, got {len(classes)}"
            + ("; not all are in y_true, so name them" if labels is None else "")
        )
    if missing := set(true.tolist()) - set(classes.tolist()):
        raise ValueError(f"labels: {sorted(missing)[0]!r} is in y_true but not in labels")
    return np.searchsorted(classes, true)


def positive_label(true: NDArray[Any], pos_label: int | str | None) -> Any:
    """Choose the positive class as scikit-learn does: 1 by default, among -1, 0 and 1 alone."""
    if pos_label is not None:
        return pos_label
    classes = set(np.unique(true).tolist())
    if len(classes) > 2:
        raise ValueError(f"y_true: expected two classes, got {len(classes)}; or give pos_label")
    if not (classes <= {0, 1} or classes <= {-1, 1}):
        raise ValueError(
            f"pos_label: say which of {sorted(classes)} is positive; "
            "only among 0 and 1, or -1 and 1, it is 1 by default"
        )
    return 1
