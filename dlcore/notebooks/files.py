"""Notebooks on disk: found, read, checked and written in one stable form.

To find the book and to look into a notebook the standard library is enough; nbformat is imported
where a notebook is held to the format.
"""

import json
import re
import warnings
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dlcore

if TYPE_CHECKING:
    from nbformat import NotebookNode

from dlcore.storage import write_whole

CELL_ID = re.compile(r"[a-z][a-z0-9-]*")
MAX_ID_LENGTH = 64


class NotebookError(Exception):
    """A file is not a notebook that this book can use; the message says why."""


def book_folders(*, installed: bool = True) -> list[Path]:
    """Return where the book may lie, the nearest place first.

    Parameters
    ----------
    installed : bool
        Whether the folder from which the package runs counts too, after all others. It does for
        what only reads the book; what writes into a book wants to be run inside it.

    Returns
    -------
    list of Path
        The current folder and those above it, whether they hold a book or not.
    """
    here = Path.cwd()
    package = Path(dlcore.__file__).resolve().parent.parent
    return [here, *here.parents, *([package] if installed else [])]


def find_book(holds: str = "chapters", *, installed: bool = False) -> Path:
    """Return the folder of the book.

    Parameters
    ----------
    holds : str
        The folder that the book is known by.
    installed : bool
        See `book_folders`.

    Returns
    -------
    Path
        The absolute path of the book's top folder.

    Raises
    ------
    NotebookError
        If there is none.
    """
    for folder in book_folders(installed=installed):
        if (folder / holds).is_dir():
            return folder
    raise NotebookError(
        f"no book here: neither {Path.cwd()} nor a folder above it holds {holds}/. "
        "Run this inside a copy of the book's repository"
    )


def notebooks_in(folder: Path) -> list[Path]:
    """Return the notebooks that lie in a folder, in the order of their names.

    Parameters
    ----------
    folder : Path
        A folder; one that does not exist holds none.

    Returns
    -------
    list of Path
        Files that end in ``.ipynb``, without hidden ones.
    """
    return sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))


def read_json(path: Path) -> dict[str, Any]:
    """Read a file that should hold a notebook, checking no more than its outline.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict
        The notebook as JSON, with a list under ``cells``.

    Raises
    ------
    NotebookError
        If the file is missing, unreadable, not JSON or without a list of cells.
    """
    try:
        text = path.read_bytes()
        found: dict[str, Any] = json.loads(text.decode("utf-8-sig"))
    except FileNotFoundError:
        raise NotebookError(f"{path}: there is no such file") from None
    except OSError as error:
        raise NotebookError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise NotebookError(
            f"{path}: not a notebook: its byte {error.start} is not UTF-8: save it as UTF-8"
        ) from None
    except (ValueError, RecursionError):
        if not text.strip():
            raise NotebookError(f"{path}: not a notebook: the file is empty, not JSON") from None
        raise NotebookError(
            f"{path}: not a notebook: the file is not JSON, or was saved only in part"
        ) from None
    if isinstance(found, dict) and "worksheets" in found:
        raise NotebookError(
            f"{path}: a notebook in format {found.get('nbformat')}: open it in Jupyter and save it"
        )
    cells = found.get("cells") if isinstance(found, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise NotebookError(f"{path}: not a notebook: it has no list of cells")
    return found


def read(path: Path) -> "NotebookNode":
    """Read one of the book's own notebooks and hold it to the notebook format.

    Parameters
    ----------
    path : Path
        A file in notebook format 4.5.

    Returns
    -------
    NotebookNode
        The notebook; every cell has the identifier that stands in the file.

    Raises
    ------
    NotebookError
        If the file is not a notebook, is older than format 4.5, or has cells without an
        identifier or with the same one.
    """
    import nbformat

    found = read_json(path)
    version = (found.get("nbformat"), found.get("nbformat_minor"))
    if version[0] != 4 or not isinstance(version[1], int) or version[1] < 5:
        raise NotebookError(
            f"{path}: notebook format 4.5 is needed, found {version[0]}.{version[1]}"
        )
    ids = [cell.get("id") for cell in found["cells"]]
    for position, identifier in enumerate(ids):
        if not isinstance(identifier, str):
            raise NotebookError(f"{path}: cell {position} has no id")
    repeated = [name for name, count in Counter(ids).items() if count > 1]
    if repeated:
        raise NotebookError(f"{path}: {', '.join(repeated)}: more than one cell has this id")
    notebook: NotebookNode = nbformat.v4.to_notebook(found)  # type: ignore[no-untyped-call]
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        where = "/".join(str(part) for part in error.relative_path)
        raise NotebookError(f"{path}: not a valid notebook: {where}: {error.message}") from None
    return notebook


def dumps(notebook: "NotebookNode") -> str:
    """Return a notebook as text: keys sorted, one space of indent, a newline at the end.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook.

    Returns
    -------
    str
        The same text for the same notebook, always.

    Raises
    ------
    NotebookError
        If the notebook does not follow the notebook format.
    """
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            nbformat.validate(notebook)
    except (nbformat.ValidationError, Warning) as error:
        raise NotebookError(f"cannot write an invalid notebook: {error}") from None
    text: str = nbformat.v4.writes(notebook)  # type: ignore[no-untyped-call]
    return text.rstrip("\n") + "\n"


def write(path: Path, notebook: "NotebookNode") -> bool:
    """Write a notebook whole or not at all, and leave an unchanged file untouched.

    Parameters
    ----------
    path : Path
        The file to write.
    notebook : NotebookNode
        What to write.

    Returns
    -------
    bool
        Whether the file has changed.
    """
    text = dumps(notebook).encode()
    if path.is_file() and path.read_bytes() == text:
        return False
    write_whole(path, text)
    return True


def ours(cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the cell's metadata say under ``dlcore``; empty when they say nothing.

    Parameters
    ----------
    cell : mapping
        A cell of a notebook, whatever state it is in.

    Returns
    -------
    dict
        The entries under ``metadata.dlcore``.
    """
    metadata = cell.get("metadata")
    entries = metadata.get("dlcore") if isinstance(metadata, dict) else None
    return dict(entries) if isinstance(entries, dict) else {}


def source_of(cell: Mapping[str, Any]) -> str:
    """Return the source of a cell as one text, however it lies in the file.

    Parameters
    ----------
    cell : mapping
        A cell of a notebook, whatever state it is in.

    Returns
    -------
    str
        The source, with the line ends of Unix and nothing that is no text.
    """
    text = joined(cell.get("source", ""))
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def joined(text: Any) -> str:
    """Return a text of a notebook, which may lie there in lines.

    Parameters
    ----------
    text : str or list of str
        The source of a cell, or what an output holds.

    Returns
    -------
    str
        The text; what is neither text nor lines of it is left out.
    """
    lines = text if isinstance(text, list) else [text]
    return "".join(line for line in lines if isinstance(line, str))
