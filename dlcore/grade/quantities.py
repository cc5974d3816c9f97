"""Numbers with a unit, for answers of the kind ``number``."""

import math
import re
import unicodedata

PREFIXES = {
    "": 1.0,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "m": 1e-3,
    "\N{GREEK SMALL LETTER MU}": 1e-6,  # what the micro sign is written as, too
    "u": 1e-6,
    "n": 1e-9,
    "p": 1e-12,
    "Ki": 2.0**10,
    "Mi": 2.0**20,
    "Gi": 2.0**30,
    "Ti": 2.0**40,
}
# A unit, the one that it is counted in, and how many of that it is.
UNITS = {
    "s": ("s", 1.0),
    "min": ("s", 60.0),
    "h": ("s", 3600.0),
    "d": ("s", 86400.0),
    "B": ("bit", 8.0),
    "bit": ("bit", 1.0),
    "bits": ("bit", 1.0),
    "nat": ("bit", 1 / math.log(2)),
    "m": ("m", 1.0),
    "W": ("W", 1.0),
    "J": ("J", 1.0),
    "Wh": ("J", 3600.0),
    "FLOP": ("FLOP", 1.0),
    "FLOPs": ("FLOP", 1.0),
    "Hz": ("Hz", 1.0),
    "FLOP/s": ("FLOP/s", 1.0),
    "B/s": ("bit/s", 8.0),
    "bit/s": ("bit/s", 1.0),
    "%": ("", 0.01),
    "": ("", 1.0),
}
_QUANTITY = re.compile(r"\s*([-+\u2212]?[\d_]*\.?\d+(?:[eE][-+]?\d+)?|[-+]?\d+\.)\s*(.*?)\s*")
_COMMA = re.compile(r"\s*[-+\u2212]?\d*,\d")


def in_unit(answer: object, unit: str) -> float:
    """Return an answer as a number of some unit.

    Parameters
    ----------
    answer : float or str
        A number, which is taken to be in this unit already, or a text such as ``"3.5 ms"``.
    unit : str
        The unit wanted, such as ``"s"``, ``"MiB"`` or ``"%"``.

    Returns
    -------
    float
        How many of the unit the answer is.

    Raises
    ------
    TypeError
        If the answer is neither a number nor a text.
    ValueError
        If the text holds no number, or a unit that cannot be turned into the one wanted.

    Examples
    --------
    >>> print(f"{in_unit('3.5 ms', 's'):.4f} {in_unit(7, 's'):.1f} {in_unit('2 GiB', 'MiB'):.0f}")
    0.0035 7.0 2048
    """
    unit = unicodedata.normalize("NFKC", unit)
    if isinstance(answer, str):
        number, named = _read(answer, unit)
    else:
        try:
            number, named = float(answer), unit  # type: ignore[arg-type]
        except (TypeError, ValueError):
            kind = type(answer).__name__
            raise TypeError(f"answer: a number or a text was expected, got {kind}") from None
    (base, size), (wanted, wanted_size) = _known(named), _known(unit)
    if base != wanted:
        raise ValueError(f"answer: {named!r} cannot be turned into {unit!r}")
    return number * size / wanted_size


def _read(answer: str, unit: str) -> tuple[float, str]:
    """Return the number and the unit that a text names."""
    if _COMMA.match(answer):
        raise ValueError(
            f"answer: a comma in {answer!r}: write a point before the decimals, as in '3.5 ms', "
            "and nothing between thousands"
        )
    found = _QUANTITY.fullmatch(answer)
    if found is None:
        raise ValueError(f"answer: a number was expected, in {unit or 'no unit'}, got {answer!r}")
    number = float(found[1].replace("\N{MINUS SIGN}", "-"))
    return number, unicodedata.normalize("NFKC", found[2]) or unit


def _known(unit: str) -> tuple[str, float]:
    """Return what a unit is counted in, and how many of that it is."""
    if unit in UNITS:
        return UNITS[unit]
    for prefix in sorted(PREFIXES, key=len, reverse=True):
        rest = unit.removeprefix(prefix)
        if rest != unit and rest in UNITS and rest not in ("", "%"):
            base, size = UNITS[rest]
            return base, size * PREFIXES[prefix]
    raise ValueError(f"answer: the unit {unit!r} is not known")
