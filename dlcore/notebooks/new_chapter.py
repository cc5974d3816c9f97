"""Lay a new chapter into the book: its files from a skeleton, and its lines in the contents.

The skeleton is a small chapter that runs, with the sections that every chapter has; what is to be
written anew in it stands behind a mark.
"""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from dlcore.notebooks.files import NotebookError, dumps
from dlcore.notebooks.release import release
from dlcore.notebooks.store import run
from dlcore.notebooks.tidy import strip
from dlcore.storage import write_whole

TO_WRITE = "✎"
PARTS = {
    "Foundations": range(1, 5),
    "Networks": range(5, 11),
    "Architectures": range(11, 18),
    "Beyond one process": range(18, 100),
}
_SKELETON = Path(__file__).with_name("skeleton")
_SLUG = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


class Laid(NamedTuple):
    """The files that were written, and the lines for the contents if they could not be entered."""

    paths: list[Path]
    not_entered: str = ""


def lay(book: Path, number: str, slug: str) -> Laid:
    """Write the files of a new chapter, each whole, or none if one of them is there already.

    Parameters
    ----------
    book : Path
        The book's top folder.
    number : str
        The number of the chapter, 1 to 99.
    slug : str
        Its name in the names of files: words of small letters and digits, joined by ``_``.

    Returns
    -------
    Laid
        What was written.

    Raises
    ------
    NotebookError
        If the number or the slug is none, or if the book has such a chapter already; nothing has
        been written then.
    """
    words = _words(number, slug)
    _refuse_taken(book, words["nn"])
    files = _files(book, words)
    for path, text in files.items():
        write_whole(path, text.encode())
    lines = _contents_lines(words)
    entered = _enter(book / "book" / "_toc.yml", int(number), lines)
    return Laid([*files], "" if entered else "\n".join(lines))


def _words(number: str, slug: str) -> dict[str, str]:
    """Return what stands in the skeleton for the number and the name of the chapter."""
    if not re.fullmatch(r"\d{1,2}", number) or not int(number):
        raise NotebookError(f"the number of a chapter is 1 to 99, got {number!r}")
    if not _SLUG.fullmatch(slug):
        raise NotebookError(
            "the slug must be words of small letters and digits, a letter first, joined by _, "
            f"such as recurrent_networks; got {slug!r}"
        )
    small = slug.replace("_", " ")
    title = small[0].upper() + small[1:]
    nn, n = f"{int(number):02d}", str(int(number))
    return {"nn": nn, "n": n, "slug": slug, "title": title, "title_small": small}


def _refuse_taken(book: Path, nn: str) -> None:
    """Refuse a number under which something of the book lies already."""
    places = ("chapters", "exercises", "solutions", "solutions/mistakes")
    found = [path for place in places for path in (book / place).glob(f"{nn}[_.]*")]
    found += [
        path
        for place in ("glossary", "references")
        for path in (book / "book" / place).glob(f"{nn}.*")
    ]
    if found:
        names = ", ".join(str(path.relative_to(book)) for path in sorted(found))
        raise NotebookError(f"chapter {int(nn)} is there already, nothing was written: {names}")


def _files(book: Path, words: dict[str, str]) -> dict[Path, str]:
    """Return the text of each file; chapter and solution are run, so that outputs are theirs."""
    name = f"{words['nn']}_{words['slug']}"
    chapter = _run_anew("chapter.ipynb", words, book / "chapters")
    solution = _run_anew("solution.ipynb", words, book / "solutions")
    return {
        book / "chapters" / f"{name}.ipynb": dumps(chapter),
        book / "solutions" / f"{name}.ipynb": dumps(solution),
        book / "exercises" / f"{name}.ipynb": dumps(release(solution, name)),
        book / "solutions" / "mistakes" / f"{words['nn']}.py": _filled("mistakes.txt", words),
        book / "book" / "glossary" / f"{words['nn']}.md": _filled("glossary.md", words),
        book / "book" / "references" / f"{words['nn']}.bib": _filled("references.bib", words),
    }


def _filled(name: str, words: dict[str, str]) -> str:
    """Return a file of the skeleton with the words of this chapter in their places."""
    text = (_SKELETON / name).read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda match: words[match[1]], text)


def _run_anew(name: str, words: dict[str, str], folder: Path) -> NotebookNode:
    """Return a notebook of the skeleton, run in the folder in which it will lie."""
    made = nbformat.reads(_filled(name, words), as_version=4)  # type: ignore[no-untyped-call]
    return strip(run(made, folder))


def _contents_lines(words: dict[str, str]) -> list[str]:
    """Return the lines of a chapter in the contents, its exercises beneath it."""
    name = f"{words['nn']}_{words['slug']}"
    return [
        f"      - file: chapters/{name}",
        "        sections:",
        f"          - file: exercises/{name}",
    ]


def _enter(contents: Path, number: int, lines: list[str]) -> bool:
    """Enter a chapter in its part of the contents, in order; say whether that part is there."""
    part = next(name for name, numbers in PARTS.items() if number in numbers)
    text = contents.read_text(encoding="utf-8") if contents.is_file() else ""
    block = re.search(rf"^  - caption: {part}\n    chapters:\n((?: {{6}}.*\n)*)", text, re.M)
    if not block:
        return False
    after = re.finditer(r"^      - file: chapters/(\d\d)", block[1], re.M)
    place = next((m.start() for m in after if int(m[1]) > number), len(block[1]))
    at = block.start(1) + place
    entered = text[:at] + "\n".join(lines) + "\n" + text[at:]
    write_whole(contents, entered.encode())
    return True
