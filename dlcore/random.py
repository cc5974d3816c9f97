"""The default source of randomness, for calls that are not handed a generator of their own."""

import numpy as np

_default = np.random.default_rng()


def seed(seed: int) -> None:
    """Start the default generator anew from `seed`.

    Parameters
    ----------
    seed : int
        Any non-negative integer. The same seed gives the same numbers on every machine.

    Examples
    --------
    >>> import dlcore as dl
    >>> dl.seed(0)
    >>> print(f"{dl.rand(1).item():.4f}")
    0.6370
    """
    global _default
    _default = np.random.default_rng(seed)


def default_rng(rng: np.random.Generator | None = None) -> np.random.Generator:
    """Return `rng` itself, or the default generator where `rng` is None.

    Parameters
    ----------
    rng : numpy.random.Generator, optional
        The generator that a caller was handed.

    Returns
    -------
    numpy.random.Generator
        The generator to draw from.

    Raises
    ------
    TypeError
        If `rng` is neither a generator nor None; a bare seed, for instance.
    """
    if rng is None:
        return _default
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng: expected a numpy.random.Generator or None, got {type(rng).__name__}; "
            "for a seed n write rng=numpy.random.default_rng(n)"
        )
    return rng
