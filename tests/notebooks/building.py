"""Small notebooks for tests, and a book that holds them."""

import base64
import io
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from nbformat import NotebookNode
from PIL import Image

from dlcore.notebooks.files import write
from dlcore.notebooks.tidy import KERNEL

METADATA = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
OPENING = "(ch-01)=\n# First\n\nWhy does a test fail?"
GLANCE = ":::{admonition} At a glance\n:class: at-a-glance\nBy the end you can test.\n:::"


def stdout(text: str) -> NotebookNode:
    return nbformat.v4.new_output("stream", name="stdout", text=text)


def picture(pixels: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(file, format="PNG")
    return base64.b64encode(file.getvalue()).decode()


def figure(pixels: np.ndarray) -> NotebookNode:
    data = {"image/png": picture(pixels), "text/plain": "<Figure>"}
    return nbformat.v4.new_output("display_data", data=data)


def code(
    name: str,
    source: str,
    outputs: list[NotebookNode] | None = None,
    count: int | None = None,
    **own: Any,
) -> NotebookNode:
    metadata = {"dlcore": own} if own else {}
    return nbformat.v4.new_code_cell(
        source, id=name, metadata=metadata, outputs=outputs or [], execution_count=count
    )


def words(name: str, source: str, **own: Any) -> NotebookNode:
    metadata = {"dlcore": own} if own else {}
    return nbformat.v4.new_markdown_cell(source, id=name, metadata=metadata)


def notebook(*cells: NotebookNode) -> NotebookNode:
    """A notebook whose code cells count from 1, unless they say otherwise."""
    count = 0
    for cell in cells:
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count if cell.execution_count is None else cell.execution_count
    made = nbformat.v4.new_notebook(cells=list(cells), metadata=METADATA)
    made.nbformat_minor = 5
    return made


def chapter(*cells: NotebookNode) -> NotebookNode:
    return notebook(words("title", OPENING), words("at-a-glance", GLANCE), *cells)


def exercise(
    number: str, answer: str, checks: dict[str, str], kind: str = "code", **own: Any
) -> list[NotebookNode]:
    """The cells of one exercise; checks are sources with their stored output."""
    start = f"ex-{number.replace('.', '-')}"
    cells = [
        words(f"{start}-prompt", "Do it.", exercise=number, role="prompt", title="Do it", stars=1),
        code(f"{start}-answer", answer, exercise=number, role="answer", kind=kind),
    ]
    for index, (source, output) in enumerate(checks.items()):
        entries = {"exercise": number, "role": "check", "points": 2, "hint": "Look again.", **own}
        name = f"{start}-check" + (f"-{index}" if index else "")
        cells.append(code(name, source, [stdout(output)], **entries))
    text = words(f"{start}-explanation", "Because.", exercise=number, role="explanation")
    return [*cells, text]


def solved(body: str) -> str:
    """A function whose body is the solution."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"def f(x):\n    ### BEGIN SOLUTION\n{lines}\n    ### END SOLUTION"


def save(path: Path, made: NotebookNode) -> Path:
    write(path, made)
    return path
