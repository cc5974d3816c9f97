"""Cross-validation: the same trial on every fold, one after the other or at once."""

import importlib.util
from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from dlcore.random import default_rng

Result = TypeVar("Result")
Indices = NDArray[np.intp]


def cross_validate(
    trial: Callable[[Indices, Indices, np.random.Generator], Result],
    folds: Iterable[tuple[Indices, Indices]],
    *,
    rng: np.random.Generator | None = None,
    n_jobs: int = 1,
) -> list[Result]:
    """Make a trial on every fold, and return what came of each.

    Parameters
    ----------
    trial : callable
        Gets the numbers of the samples to train on, of those to test on, and a generator of its
        own. It makes a model anew, trains it, and returns scores or predictions.
    folds : iterable of (train, test)
        Such as those of :func:`dlcore.data.kfold`.
    rng : numpy.random.Generator, optional
        Where the generators of the trials come from.
    n_jobs : int
        How many processes work at once, through joblib; -1 for one a core. Within
        ``joblib.parallel_config(backend="dask")`` they are those of a Dask cluster.

    Returns
    -------
    list
        What `trial` returned for each fold, in order; the same for every `n_jobs`.

    Raises
    ------
    ModuleNotFoundError
        If `n_jobs` is not 1 and joblib is not installed.
    ValueError
        If there is no fold, or `n_jobs` is 0.

    Notes
    -----
    Everything that is learnt from data, scaling among it, belongs inside `trial`: what is fitted
    before the split has seen the test. Derived in Chapter 9.

    Examples
    --------
    >>> from dlcore import data
    >>> y = np.array([1.0, 2.0, 3.0, 6.0])
    >>> def trial(train, test, rng):
    ...     return float(np.abs(y[test] - y[train].mean()).mean())
    >>> print([f"{error:.2f}" for error in cross_validate(trial, data.kfold(4, 2))])
    ['3.00', '3.00']
    """
    given = list(folds)
    if not given:
        raise ValueError("folds: expected at least one")
    if n_jobs == 0:
        raise ValueError("n_jobs: expected a number of processes, or -1 for one a core, got 0")
    generators = default_rng(rng).spawn(len(given))
    jobs = [(*fold, own) for fold, own in zip(given, generators, strict=True)]
    if n_jobs == 1:
        return [trial(*job) for job in jobs]
    if importlib.util.find_spec("joblib") is None:
        raise ModuleNotFoundError(
            "joblib, through which n_jobs works, is not installed: pip install 'dlcore[cluster]'",
            name="joblib",
        )
    from joblib import Parallel, delayed

    results: list[Result] = Parallel(n_jobs=n_jobs)(delayed(trial)(*job) for job in jobs)
    return results
