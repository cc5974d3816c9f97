"""Metadata of the book, none of the machine that a notebook was run on, and results folded."""

import nbformat
from nbformat import NotebookNode

from dlcore.notebooks.predictions import fold

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
BOOK_METADATA = ("dlcore", "mystnb")
CELL_METADATA = ("dlcore", "jupyter", "mystnb", "tags")


def strip(notebook: NotebookNode) -> NotebookNode:
    """Take out of a notebook what says where, when and by whom it was run.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook; it is changed in place.

    Returns
    -------
    NotebookNode
        The same notebook, with the metadata of the book only; `predictions.fold` has folded it.
    """
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    kept = {key: value for key, value in notebook.metadata.items() if key in BOOK_METADATA}
    notebook.metadata = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {**kept, "kernelspec": KERNEL, "language_info": {"name": "python"}}
    )
    for cell in notebook.cells:
        for key in [key for key in cell.metadata if key not in CELL_METADATA]:
            del cell.metadata[key]
        if not cell.get("attachments", True):
            del cell["attachments"]
    return fold(notebook)
