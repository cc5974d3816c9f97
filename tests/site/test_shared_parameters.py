"""Entries of parameters that a docstring takes over from another."""

import inspect

import pytest
from shared_parameters import SharedParametersError, completed, entries


def first(data, low=0, high=1, *rest, eps=0.1, **more):
    """Do one thing.

    Parameters
    ----------
    data : array
        What is read.

        In two paragraphs.
    low, high : int
        The bounds.
    *rest
        The rest.
    eps : float, default 0.1
        A little.
    **more
        Anything.

    Returns
    -------
    None
    """


def second(low, other, *rest, eps=0.1):
    """Do another.

    The other parameters are those of
    :func:`first`.

    Parameters
    ----------
    low : float
        A bound of its own.
    other : int
        Its own.

    Notes
    -----
    None.
    """


def third(data, other, eps=0.1):
    """Do a third.

    The parameters are those of :func:`first` and :func:`second`.

    Examples
    --------
    None.
    """


def fourth(data):
    """Do a fourth. The parameters are those of :func:`first`."""


def test_entries_stand_in_the_order_of_the_signature_and_ones_own_go_first():
    found = entries(completed(second))
    assert list(found) == ["low", "other", "*rest", "eps"]
    assert found["low"] == " : float\n    A bound of its own."
    assert found["eps"] == " : float, default 0.1\n    A little."
    assert completed(second).endswith("    A little.\n\nNotes\n-----\nNone.")


def test_a_docstring_without_entries_gets_a_section():
    assert list(entries(completed(third))) == ["data", "other", "eps"]
    assert completed(third).endswith("    A little.\n\nExamples\n--------\nNone.")
    assert "In two paragraphs." in completed(fourth)


def test_what_does_not_refer_stays_as_it_is():
    assert completed(first) == inspect.getdoc(first)


def test_entries_with_one_description_share_it():
    def taken(low=0, high=1):
        """Take both.

        The parameters are those of :func:`first`.
        """

    taken.__module__ = __name__
    assert "low, high : int\n    The bounds." in completed(taken)


def test_a_reference_that_gives_nothing_is_refused():
    def taken(other):
        """The parameters are those of :func:`first`."""

    with pytest.raises(SharedParametersError, match="takes no parameter from first"):
        completed(taken)


def test_another_default_is_refused():
    def taken(eps=0.2):
        """The parameters are those of :func:`first`."""

    with pytest.raises(SharedParametersError, match="eps has another default than in first"):
        completed(taken)


def test_what_is_described_nowhere_stays_missing_and_a_wrong_order_stays_wrong():
    def taken(other, high=1, low=0, data=None):
        """Take it.

        The other parameters are those of :func:`first`.

        Parameters
        ----------
        low : int
            Low.
        high : int
            High.
        """

    with pytest.raises(SharedParametersError):  # data has another default
        completed(taken)
    taken.__signature__ = inspect.signature(lambda other, high, low, *rest: None)
    assert list(entries(completed(taken))) == ["low", "high", "*rest"]
