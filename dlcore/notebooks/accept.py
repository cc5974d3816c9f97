"""What a check accepts in place of the number that its solution prints.

The metadata of a check may say so under ``accept``: one rule, where one number is printed, or a
list with a rule for each number in the order of the text, in which None asks for a comparison with
the stored number as usual. A rule is one of::

    {"at_least": 0.93}
    {"at_most": 1e-6}
    {"between": [0.1, 0.2]}
    {"close_to": 3.1416, "tolerance": 1e-4}

The bounds belong to what is accepted. A tolerance is relative, as elsewhere, and that of the cell
where a rule gives none.
"""

import math
import sys
from typing import Any

from dlcore.notebooks.compare import tolerance_of
from dlcore.notebooks.numbers import FLOOR, Rule

KINDS = ("at_least", "at_most", "between", "close_to")
LARGEST = sys.float_info.max
_FORM = "dlcore.accept must be a rule such as {'at_least': 0.93}, or a list of one for each number"


def accept_of(entries: dict[str, Any]) -> tuple[Rule | None, ...]:
    """Return what a cell's metadata say of the numbers that it prints.

    Parameters
    ----------
    entries : dict
        What stands under ``metadata.dlcore``.

    Returns
    -------
    tuple of Rule or None
        One for each number; empty if all are compared as usual.

    Raises
    ------
    ValueError
        If a rule is none of those that are known.

    Examples
    --------
    >>> (rule,) = accept_of({"accept": {"between": [0, 1]}})
    >>> print(rule.words, rule.allows(0.5), rule.allows(2))
    between 0 and 1 True False
    """
    found = entries.get("accept")
    if found is None:
        return ()
    rules = found if isinstance(found, list) else [found]
    if not any(rules):
        raise ValueError(f"{_FORM}, got {found!r}")
    tolerance = tolerance_of(entries)
    return tuple(None if rule is None else _rule(rule, tolerance) for rule in rules)


def _rule(entry: Any, tolerance: float) -> Rule:
    """Return one rule from its entry."""
    names = set(entry) if isinstance(entry, dict) else set()
    kind = next(iter(names & set(KINDS)), "")
    if not kind or names - ({kind, "tolerance"} if kind == "close_to" else {kind}):
        raise ValueError(f"{_FORM}, got {entry!r}; rules are {', '.join(KINDS)}")
    if kind == "between":
        least, most = _two(entry[kind])
        return Rule(f"between {least:.12g} and {most:.12g}", least, most)
    bound = _number(entry[kind])
    if kind == "at_least":
        return Rule(f"at least {bound:.12g}", bound, math.inf)
    if kind == "at_most":
        return Rule(f"at most {bound:.12g}", -math.inf, bound)
    gap = tolerance_of({"tolerance": tolerance, **entry}) * (abs(bound) + FLOOR)
    return Rule(f"close to {bound:.12g}", bound - gap, bound + gap)


def _two(value: Any) -> tuple[float, float]:
    """Return the two bounds of an interval."""
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"dlcore.accept: between takes two numbers, got {value!r}")
    least, most = map(_number, value)
    if least > most:
        raise ValueError(f"dlcore.accept: between takes the smaller number first, got {value!r}")
    return least, most


def _number(value: Any) -> float:
    """Return a bound, which must be a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
        raise ValueError(f"dlcore.accept: a bound must be a finite number, got {value!r}")
    return float(value)
