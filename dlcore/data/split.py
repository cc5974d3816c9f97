"""Split data into a part to train on and a part to test on, once or in folds."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.random import default_rng


def train_test_split(
    *arrays: ArrayLike,
    test_size: float | int | None = None,
    train_size: float | int | None = None,
    rng: np.random.Generator | None = None,
    shuffle: bool = True,
    stratify: ArrayLike | None = None,
) -> list[NDArray[Any]]:
    r"""Split arrays along their first axis, all in the same way.

    Parameters
    ----------
    *arrays : array_like, shape (n, ...)
        Arrays of the same length.
    test_size, train_size : float or int, optional
        A fraction between 0 and 1, or a number of samples. Where one is missing it is the rest;
        where both are, a quarter is for the test.
    rng : numpy.random.Generator, optional
        Source of randomness; it stands where scikit-learn has ``random_state``.
    shuffle : bool
        Whether to shuffle first. Without it, the last samples are the test.
    stratify : array_like, shape (n,), optional
        Class labels; each part then holds every class in the proportion of the whole.

    Returns
    -------
    list of ndarray
        ``[a_train, a_test, b_train, b_test, ...]``, as copies.

    Raises
    ------
    ValueError
        If the lengths differ, a size is out of range or leaves a part empty, `stratify` comes
        without `shuffle`, or a class has fewer than two samples.

    Notes
    -----
    With ``stratify``, class :math:`k` of :math:`n_k` samples gives
    :math:`\lfloor n_\text{test} n_k / n \rfloor` samples to the test; what is left over goes to
    the classes with the largest remainders.

    Examples
    --------
    >>> x, y = np.arange(8), np.array([0, 0, 0, 0, 0, 0, 1, 1])
    >>> x_train, x_test, y_train, y_test = train_test_split(
    ...     x, y, test_size=0.5, rng=np.random.default_rng(0), stratify=y)
    >>> print(x_train.shape, x_test.shape, np.bincount(y_train), np.bincount(y_test))
    (4,) (4,) [3 1] [3 1]
    """
    columns = [np.asarray(array) for array in arrays]
    n = _common_length(columns)
    n_train, n_test = _sizes(n, test_size, train_size)
    if stratify is not None:
        if not shuffle:
            raise ValueError("stratify: needs shuffle=True")
        labels = np.asarray(stratify)
        if labels.shape != (n,):
            raise ValueError(f"stratify: expected shape ({n},), got {labels.shape}")
        train, test = _stratified(labels, n_train, n_test, default_rng(rng))
    else:
        order = default_rng(rng).permutation(n) if shuffle else np.arange(n)
        train, test = order[:n_train], order[n_train : n_train + n_test]
    return [column[part] for column in columns for part in (train, test)]


def kfold(
    n_samples: int,
    n_splits: int = 5,
    *,
    shuffle: bool = False,
    rng: np.random.Generator | None = None,
    stratify: ArrayLike | None = None,
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    r"""Split samples into folds, each of which is the test once.

    Parameters
    ----------
    n_samples : int
        Number of samples.
    n_splits : int
        Number of folds, K.
    shuffle : bool
        Whether to shuffle first. Without it, folds are runs of neighbours.
    rng : numpy.random.Generator, optional
        Source of randomness; it stands where scikit-learn has ``random_state``.
    stratify : array_like, shape (n_samples,), optional
        Class labels; each fold then holds every class in the proportion of the whole.

    Yields
    ------
    train, test : ndarray of int
        The numbers of the samples to train on and to test on, each ascending.

    Raises
    ------
    ValueError
        If there are fewer than two folds, fewer samples than folds, or no class has as many
        samples as there are folds.

    Notes
    -----
    Sizes of folds differ by one at most; with `stratify`, so do those of each class in them.
    Without `shuffle`, the folds are those of scikit-learn's ``KFold`` and ``StratifiedKFold``.

    Examples
    --------
    >>> for train, test in kfold(5, 2):
    ...     print(train, test)
    [3 4] [0 1 2]
    [0 1 2] [3 4]
    """
    if not 2 <= n_splits <= n_samples:
        raise ValueError(f"n_splits: expected 2 to {n_samples} (the samples), got {n_splits}")
    rng = default_rng(rng) if shuffle else None
    if stratify is None:
        place = np.sort(np.arange(n_samples) % n_splits)  # the fold of each sample
        if rng is not None:
            rng.shuffle(place)
    else:
        labels = np.asarray(stratify)
        if labels.shape != (n_samples,):
            raise ValueError(f"stratify: expected shape ({n_samples},), got {labels.shape}")
        place = _stratified_folds(labels, n_splits, rng)
    for fold in range(n_splits):
        yield np.flatnonzero(place != fold), np.flatnonzero(place == fold)


def _stratified_folds(
    labels: NDArray[Any], n_splits: int, rng: np.random.Generator | None
) -> NDArray[np.intp]:
    _, first, inverse, counts = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    if counts.max() < n_splits:
        raise ValueError(
            f"stratify: no class has {n_splits} samples, one for each fold; the largest has "
            f"{counts.max()}"
        )
    classes = np.argsort(first)
    dealt = np.repeat(np.arange(len(counts)), counts[classes])  # all samples, class by class
    place = np.empty(len(labels), dtype=np.intp)
    for number, k in enumerate(classes):
        share = [int((dealt[fold::n_splits] == number).sum()) for fold in range(n_splits)]
        folds = np.repeat(np.arange(n_splits), share)
        place[inverse == k] = folds if rng is None else rng.permutation(folds)
    return place


def _common_length(columns: Sequence[NDArray[Any]]) -> int:
    if not columns:
        raise ValueError("arrays: expected at least one")
    if any(column.ndim == 0 for column in columns):
        raise ValueError("arrays: expected at least one axis each, got a scalar")
    lengths = [len(column) for column in columns]
    if len(set(lengths)) != 1:
        raise ValueError(f"arrays: expected the same length, got {lengths}")
    return lengths[0]


def _sizes(n: int, test_size: float | None, train_size: float | None) -> tuple[int, int]:
    """Count the samples to train on and to test on; fractions are rounded as in scikit-learn."""
    if test_size is None and train_size is None:
        test_size = 0.25
    n_test = None if test_size is None else _size("test_size", test_size, n, up=True)
    n_train = None if train_size is None else _size("train_size", train_size, n, up=False)
    if n_test is None:
        assert n_train is not None
        n_test = n - n_train
    if n_train is None:
        n_train = n - n_test
    if n_train < 1 or n_test < 1 or n_train + n_test > n:
        raise ValueError(
            f"test_size, train_size: {n} samples cannot be split into {n_train} to train on and "
            f"{n_test} to test on; each part needs at least one"
        )
    return n_train, n_test


def _size(name: str, size: float, n: int, up: bool) -> int:
    if isinstance(size, int | np.integer):
        return int(size)
    if not 0 < size < 1:
        raise ValueError(f"{name}: expected a fraction between 0 and 1 or an int, got {size}")
    return int(np.ceil(size * n) if up else np.floor(size * n))


def _stratified(
    labels: NDArray[Any], n_train: int, n_test: int, rng: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    classes, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    if counts.min() < 2:
        rare = classes[counts.argmin()]
        raise ValueError(f"stratify: class {rare!s} has one sample; each class needs two or more")
    if min(n_train, n_test) < len(classes):
        raise ValueError(
            f"stratify: {len(classes)} classes need at least that many samples in each part, "
            f"got {n_train} to train on and {n_test} to test on"
        )
    for_test = _share(n_test, counts)
    for_train = _share(n_train, counts - for_test)
    train, test = [], []
    for k in range(len(classes)):
        members = rng.permutation(np.flatnonzero(inverse == k))
        test.append(members[: for_test[k]])
        train.append(members[for_test[k] : for_test[k] + for_train[k]])
    return rng.permutation(np.concatenate(train)), rng.permutation(np.concatenate(test))


def _share(total: int, counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Share `total` out in proportion to `counts`; the largest remainders get what is left."""
    exact = total * counts / counts.sum()
    share: NDArray[np.intp] = np.floor(exact).astype(np.intp)
    left = total - share.sum()
    share[np.argsort(share - exact, kind="stable")[:left]] += 1
    return share
