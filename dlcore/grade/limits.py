"""How long a cell may run, and what is said of one that ran longer."""

TIMEOUT = 30.0  # seconds for a cell, unless something else is asked for


def too_long(seconds: float) -> str:
    """Say that a cell was stopped.

    Parameters
    ----------
    seconds : float
        The time that it had.

    Returns
    -------
    str
        What the learner reads.
    """
    return f"stopped after {seconds:g} seconds: does every loop come to an end?"
