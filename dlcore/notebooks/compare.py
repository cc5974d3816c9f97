"""The outputs of a cell compared with the stored ones."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from dlcore.notebooks import numbers

PICTURES = ("image/png", "image/jpeg")
PRINTED = "stdout"
NOT_COMPARED = ("application/vnd.jupyter.widget-view+json",)  # model ids are random

Output = dict[str, Any]


class Difference(NamedTuple):
    """Where two outputs differ, why, and what each of them holds."""

    where: str
    why: str
    expected: str
    got: str


def tolerance_of(entries: dict[str, object]) -> float:
    """Return the relative tolerance that a cell's metadata asks for.

    Parameters
    ----------
    entries : dict
        What stands under ``metadata.dlcore``.

    Returns
    -------
    float
        The cell's own tolerance, or the default of 1e-2.

    Raises
    ------
    ValueError
        If the tolerance is not a number that is at least 0.
    """
    tolerance = entries.get("tolerance", numbers.TOLERANCE)
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not tolerance >= 0:
        raise ValueError(f"dlcore.tolerance must be a number of at least 0, got {tolerance!r}")
    return float(tolerance)


def streams(outputs: Iterable[Output]) -> dict[str, str]:
    """Return the text of each stream: everything printed to it, joined.

    Parameters
    ----------
    outputs : iterable of dict
        The outputs of a cell.

    Returns
    -------
    dict
        Text by the name of the stream, ``stdout`` or ``stderr``.
    """
    texts: dict[str, str] = {}
    for output in outputs:
        if output["output_type"] == "stream":
            texts[output["name"]] = texts.get(output["name"], "") + output["text"]
    return texts


def displays(outputs: Iterable[Output]) -> list[dict[str, Any]]:
    """Return what a cell displays, in order: one dictionary of MIME type and data for each.

    Parameters
    ----------
    outputs : iterable of dict
        The outputs of a cell.

    Returns
    -------
    list of dict
        Data by MIME type, without the types that cannot be compared.
    """
    return [
        {kind: data for kind, data in output["data"].items() if kind not in NOT_COMPARED}
        for output in outputs
        if output["output_type"] in ("display_data", "execute_result")
    ]


def _shown(data: Any) -> str:
    """Return data as the text in which it is compared and reported."""
    return data if isinstance(data, str) else json.dumps(data, sort_keys=True, indent=1)


def data_difference(
    kind: str,
    expected: Any,
    got: Any,
    tolerance: float = numbers.TOLERANCE,
    accept: numbers.Accept = (),
) -> Difference | None:
    """Compare two pieces of data of one MIME type.

    Parameters
    ----------
    kind : str
        The MIME type, or the name of a stream.
    expected, got : object
        The stored data and the new ones: text, base64 or JSON.
    tolerance : float
        Relative tolerance for numbers. A value above the default widens the limits for
        pictures in the same proportion.
    accept : sequence of Rule or None
        What is accepted of the numbers in a text.

    Returns
    -------
    Difference or None
        None if they agree.
    """
    if kind in PICTURES:
        from dlcore.notebooks import images  # needs Pillow, which a page may not have

        limits = images.COMPARED.scaled(max(1.0, tolerance / numbers.TOLERANCE))
        if images.same_image(expected, got, limits):
            return None
        why = f"the pictures differ: {images.how_far(expected, got, limits)}"
        return Difference(kind, why, "[picture]", "[picture]")
    old, new = _shown(expected), _shown(got)
    found = numbers.text_difference(old, new, tolerance, accept)
    return Difference(kind, found, old, new) if found else None


def _data_differences(
    pairs: Iterable[tuple[dict[str, Any], dict[str, Any]]],
    tolerance: float,
    accept: numbers.Accept,
) -> Iterable[Difference]:
    """Yield the differences of outputs that stand in the same place."""
    for expected, got in pairs:
        for kind in sorted(expected.keys() | got.keys()):
            if kind not in got:
                yield Difference(kind, f"no {kind} came", _report(kind, expected[kind]), "")
            elif kind not in expected:
                yield Difference(kind, f"no {kind} was expected", "", _report(kind, got[kind]))
            else:
                rules = accept if kind == PRINTED else ()
                if found := data_difference(kind, expected[kind], got[kind], tolerance, rules):
                    yield found


def _report(kind: str, data: Any) -> str:
    """Return data as a person can read them."""
    return "[picture]" if kind in PICTURES else _shown(data)


def first_difference(
    expected: Sequence[Output],
    got: Sequence[Output],
    tolerance: float = numbers.TOLERANCE,
    accept: numbers.Accept = (),
) -> Difference | None:
    """Compare the outputs of a cell with the stored ones.

    Parameters
    ----------
    expected, got : sequence of dict
        Stored and new outputs in the notebook format.
    tolerance : float
        Relative tolerance for numbers with a decimal point.
    accept : sequence of Rule or None
        What is accepted of the numbers printed; see `dlcore.notebooks.accept`.

    Returns
    -------
    Difference or None
        The first difference, or None if the outputs agree.
    """
    for output in got:
        if output["output_type"] == "error":
            return Difference(
                "error", "the cell raised", "", f"{output['ename']}: {output['evalue']}"
            )
    if accept and PRINTED not in streams(expected):
        return Difference(PRINTED, "nothing is stored that could be accepted", "", as_text(got))
    pairs = [(streams(expected), streams(got))]
    shown, new_shown = displays(expected), displays(got)
    if len(shown) == len(new_shown):
        pairs += zip(shown, new_shown, strict=True)
    for found in _data_differences(pairs, tolerance, accept):
        return found
    if len(shown) != len(new_shown):
        why = f"{len(shown)} displayed outputs were expected, {len(new_shown)} came"
        return Difference("outputs", why, as_text(expected), as_text(got))
    return None


def as_text(outputs: Iterable[Output]) -> str:
    """Return outputs as one text to be read by a person.

    Parameters
    ----------
    outputs : iterable of dict
        The outputs of a cell.

    Returns
    -------
    str
        Streams as printed; displayed objects by their plain text; pictures as a word.
    """
    parts: list[str] = []
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            parts.append(output["text"])
        elif kind == "error":
            parts.append(f"{output['ename']}: {output['evalue']}\n")
        elif any(picture in output["data"] for picture in PICTURES):
            parts.append("[picture]\n")
        else:
            parts.append(_shown(output["data"].get("text/plain", sorted(output["data"]))) + "\n")
    return "".join(parts).rstrip("\n")
