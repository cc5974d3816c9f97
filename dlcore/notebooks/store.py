"""Run notebooks again and store their outputs, keeping everything that has not changed."""

import copy
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

from dlcore.notebooks.compare import PICTURES, Output
from dlcore.notebooks.files import NotebookError, ours, read, write
from dlcore.notebooks.images import STORED, same_image
from dlcore.notebooks.kernel import book_environment
from dlcore.notebooks.numbers import split, text_difference
from dlcore.notebooks.tidy import strip

CELL_TIMEOUT = 120  # seconds
UNCHANGED = 1e-6  # relative: numbers closer than this keep their stored text


class Stored(NamedTuple):
    """What became of one notebook: whether its file changed, and which outputs were kept as is."""

    path: Path
    changed: bool
    kept: tuple[str, ...] = ()
    error: str = ""


def run(notebook: NotebookNode, folder: Path, timeout: int = CELL_TIMEOUT) -> NotebookNode:
    """Run a copy of a notebook from top to bottom in a kernel of this environment.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook; it is not changed.
    folder : Path
        The folder in which the kernel runs.
    timeout : int
        Seconds that a cell may take.

    Returns
    -------
    NotebookNode
        A copy with new outputs, and execution counts from 1 on.

    Raises
    ------
    NotebookError
        If a cell raises, takes too long, or kills the kernel.
    """
    new = copy.deepcopy(notebook)
    manager = AsyncKernelManager(
        kernel_name=CURRENT_ENV_KERNEL_NAME, kernel_spec_manager=NbvalKernelspecManager()
    )
    running = ["?"]
    client = NotebookClient(
        new,
        km=manager,
        timeout=timeout,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        on_cell_start=lambda cell, cell_index: running.append(str(cell.id)),
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute(env=book_environment(), stderr=subprocess.DEVNULL, cleanup_kc=True)
    except CellExecutionError as error:
        raise NotebookError(f"cell {running[-1]}\n{_plain(error.traceback)}") from None
    except CellTimeoutError:
        raise NotebookError(f"cell {running[-1]} took more than {timeout} seconds") from None
    except DeadKernelError:
        raise NotebookError(f"cell {running[-1]} ended the kernel") from None
    return _numbered(new)


def _plain(traceback: str) -> str:
    """Return a traceback without the codes that colour it."""
    return re.sub(r"\x1b\[[0-9;]*m", "", traceback).rstrip()


def _numbered(notebook: NotebookNode) -> NotebookNode:
    """Give the cells that hold code the numbers from 1 on."""
    count = 0
    for cell in notebook.cells:
        if cell.cell_type == "code":
            count += bool(cell.source.strip())
            cell.execution_count = count if cell.source.strip() else None
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count
    return notebook


def _same_data(kind: str, old: Any, new: Any, numbers_count: bool) -> bool:
    """Say whether one piece of data has stayed the same."""
    if kind in PICTURES:
        return same_image(old, new, STORED) if numbers_count else True
    if not isinstance(old, str) or not isinstance(new, str):
        return bool(old == new)
    if numbers_count:
        return _form(old) == _form(new) and text_difference(old, new, UNCHANGED) is None
    return split(old)[0] == split(new)[0]


def _form(text: str) -> str:
    """Return how a text is written: each digit as 0, so that -2.0 and -2 are two forms."""
    return re.sub(r"\d", "0", text)


def _kept_output(old: Output, new: Output, numbers_count: bool) -> Output:
    """Return the new output with every piece of data that has not changed taken from the old."""
    if old["output_type"] != new["output_type"] or old.get("name") != new.get("name"):
        return new
    merged = copy.deepcopy(new)
    if "text" in new and _same_data("text", old["text"], new["text"], numbers_count):
        merged["text"] = old["text"]
    for kind, data in new.get("data", {}).items():
        if kind in old["data"] and _same_data(kind, old["data"][kind], data, numbers_count):
            merged["data"][kind] = old["data"][kind]
            if kind in old["metadata"]:
                merged["metadata"][kind] = old["metadata"][kind]
    return merged


def merge(old: NotebookNode, new: NotebookNode, fresh: bool = False) -> tuple[str, ...]:
    """Put the stored outputs that have not really changed back into a notebook run anew.

    Parameters
    ----------
    old : NotebookNode
        The notebook as stored.
    new : NotebookNode
        The same notebook, run again; changed in place.
    fresh : bool
        Take new outputs for cells that are not compared too. Otherwise such a cell keeps what is
        stored for as long as only its numbers and pictures differ.

    Returns
    -------
    tuple of str
        The ids of cells that are not compared and kept their stored outputs.
    """
    stored = {cell.id: cell for cell in old.cells if cell.cell_type == "code"}
    kept = []
    for cell in new.cells:
        before = stored.get(cell.id)
        if cell.cell_type != "code" or before is None or len(before.outputs) != len(cell.outputs):
            continue
        compared = fresh or not ours(cell).get("skip_compare")
        outputs = [
            _kept_output(one, other, compared)
            for one, other in zip(before.outputs, cell.outputs, strict=True)
        ]
        if not compared and outputs != cell.outputs:
            kept.append(str(cell.id))
        cell.outputs = outputs
    return tuple(kept)


def store(path: Path, *, check: bool = False, fresh: bool = False, anew: bool = True) -> Stored:
    """Run one notebook and store its outputs; a notebook that fails is left as it was.

    Parameters
    ----------
    path : Path
        The notebook.
    check : bool
        Only report what would change.
    fresh : bool
        See `merge`.
    anew : bool
        Run it; otherwise its outputs stay, and only its metadata are tidied.

    Returns
    -------
    Stored
        What became of it; ``error`` is not empty if it could not be run.
    """
    try:
        old = read(path)
        new = strip(run(old, path.resolve().parent) if anew else copy.deepcopy(old))
        kept = merge(old, new, fresh)
        changed = new != old if check else write(path, new)
    except NotebookError as error:
        return Stored(path, False, error=str(error))
    return Stored(path, changed, kept)


def store_all(
    paths: Iterable[Path], *, check: bool = False, fresh: bool = False
) -> Iterator[Stored]:
    """Store the outputs of several notebooks, one after the other.

    Parameters
    ----------
    paths : iterable of Path
        The notebooks.
    check, fresh : bool
        See `store`.

    Yields
    ------
    Stored
        What became of each, as soon as it is known.
    """
    for path in paths:
        yield store(path, check=check, fresh=fresh)
