"""The parts of ``mydl.py``, and how they are joined: the browser does the same in ``mydl.mjs``."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from dlcore.notebooks.exercises import BEGIN, END

_PARTS = Path(__file__).with_name("parts")
# What the book lends until it is built, by chapter: everything that its own programme needs.
LENT = {
    6: ("Function", "Tensor"),
    1: ("NearestMean", "Linear"),
    2: ("Batches",),
    3: ("CrossEntropy",),
    4: ("MatMul",),
    5: ("Perceptron",),
    7: ("Activation",),
    8: ("AdamW",),
    9: ("Dropout", "roc_curve", "roc_auc"),
    10: ("Standardise",),
    11: ("Convolve",),
    12: ("ResidualBlock",),
    13: ("Cell",),
    15: ("AttentionBlock",),
    16: ("CausalAttention",),
    17: ("NoiseSchedule",),
}
# Plain parts that stand on what is built there.
_AFTER = {6: ("operators", "modules"), 4: ("products",)}
_LAST = ("digits", "letters", "drawing", "main")
_IMPORTED = {"np", "sys", "importlib", "Path", "SimpleNamespace"}
_AT_THE_LEFT = re.compile(r"^(?:(?:async +)?def|class) +(\w+)|^(\w+) *(?::[^=\n]*)?=(?!=)", re.M)


class Build(NamedTuple):
    """A build of the book: its exercise, what it is called, and the names that it defines."""

    exercise: str
    title: str
    names: tuple[str, ...]


class Part(NamedTuple):
    """A part of the file: a plain text of the book, or the place of a build."""

    where: str  # such as "exercise 6.12"; empty for a plain text
    exercise: str  # empty where the book has no such build yet
    names: tuple[str, ...]
    text: str  # what stands there unless the learner's own does; empty if nothing is lent


class Joined(NamedTuple):
    """The file, which builds in it are the learner's own, and why others were not taken."""

    text: str
    own: tuple[str, ...]
    clashes: dict[str, str]


def parts(builds: Sequence[Build]) -> list[Part]:
    """Return the parts of the file in their order.

    Parameters
    ----------
    builds : sequence of Build
        Those of the book.

    Returns
    -------
    list of Part
        First the head; the tape of chapter 6 and what stands on it; the other chapters that lend
        something; later builds by number; last what the file does when it is run.
    """
    of_chapter: dict[int, list[Build]] = {chapter: [] for chapter in LENT}
    for build in sorted(builds, key=lambda build: [int(n) for n in build.exercise.split(".")]):
        of_chapter.setdefault(int(build.exercise.split(".")[0]), []).append(build)
    found = [_plain("head")]
    for chapter, there in of_chapter.items():
        lent = _text(f"{chapter:02}") if chapter in LENT else ""
        if not any({*LENT.get(chapter, ())} <= {*build.names} for build in there):
            found.append(Part(f"chapter {chapter}", "", LENT[chapter], lent))
            lent = ""
        for build in there:
            where = f"exercise {build.exercise}"
            found.append(Part(where, build.exercise, build.names, lent))
            lent = ""
        found += map(_plain, _AFTER.get(chapter, ()))
    return [*found, *map(_plain, _LAST)]


def join(found: Sequence[Part], own: Mapping[str, str]) -> Joined:
    """Join the parts to one file.

    Parameters
    ----------
    found : sequence of Part
        What `parts` returned.
    own : mapping
        The learner's source of each build that has passed, by its exercise.

    Returns
    -------
    Joined
        The file. A build that defines a name of another part is not taken, as one of the two would
        be lost.
    """
    used = _IMPORTED.union(*(left_names(part.text) for part in found if not part.where))
    sections, clashes = list[str](), dict[str, str]()
    mine, lent, none = list[Part](), list[Part](), list[Part]()
    for part in found:
        source = plain_source(own.get(part.exercise, "")) if part.where else ""
        if both := sorted(left_names(source) & used):
            clashes[part.exercise], source = ", ".join(both), ""
        if not part.where:
            sections.append(part.text)
            continue
        used |= left_names(source or part.text)
        (mine if source else lent if part.text else none).append(part)
        if source or part.text:
            whose = "Yours" if source else "Borrowed from the book"
            sections.append(f"# {whose}: {_line(part)}.\n\n\n{source or part.text}")
    lists = (_list("Yours:", mine), _list("Borrowed from the book until you build it:", lent))
    made = "\n\n".join(filter(None, (*lists, _list("Not built yet:", none))))
    sections[0] = sections[0].replace("@made@", made)
    text = "\n\n\n".join(sections) + "\n"
    return Joined(text, tuple(part.exercise for part in mine), clashes)


def left_names(source: str) -> set[str]:
    r"""Return the names that a source defines at its left edge.

    Parameters
    ----------
    source : str
        Python.

    Returns
    -------
    set of str
        Names of functions, classes and values.

    Examples
    --------
    >>> sorted(left_names("class A:\n    b = 1\ndef c(): ...\nd: int = 2\ne == 3"))
    ['A', 'c', 'd']
    """
    return {match[1] or match[2] for match in _AT_THE_LEFT.finditer(source)}


def plain_source(source: str) -> str:
    """Return an answer without the marks of a solution, and without blank lines at its ends.

    Parameters
    ----------
    source : str
        The source of an answer cell.

    Returns
    -------
    str
        What goes into the file.
    """
    lines = re.sub(r"\r\n?", "\n", source).split("\n")
    return "\n".join(line for line in lines if line.strip() not in (BEGIN, END)).strip("\n")


def _line(part: Part) -> str:
    return f"{part.where}: {', '.join(part.names)}"


def _list(title: str, found: list[Part]) -> str:
    return "\n".join([title, *(f"- {_line(part)}" for part in found)]) if found else ""


def _plain(name: str) -> Part:
    return Part("", "", (), _text(name))


def _text(name: str) -> str:
    return (_PARTS / f"{name}.txt").read_text(encoding="utf-8").strip("\n")
