"""Train the two networks that chapter 16 compares, and store their weights beside the book.

``python -m tests.seeds.author`` runs the chapter's own cells and writes
``book/english_gpt.safetensors``, the author, and ``book/english_gru.safetensors``, its rival. It
takes several minutes; the chapter's cell "load" measures both each time that the notebook runs.
"""

import contextlib
import io
from types import SimpleNamespace

import numpy as np

from dlcore import models
from dlcore.interop.safetensors import save_file
from dlcore.nn import Module
from dlcore.notebooks.files import read
from tests.seeds.tables import BOOK

# The cells of the chapter whose code is needed to train.
CELLS = (
    "imports", "text", "pair-table", "gpt-pieces", "gpt-written", "gpt-checked", "teach",
    "bits-measured", "near",
)  # fmt: skip
STEPS, BLOCK = 5000, 64  # of 16 pieces
RATES = {"author": 0.01, "rival": 0.02}  # chosen on validation text
FILES = {"author": "english_gpt.safetensors", "rival": "english_gru.safetensors"}


def cells() -> SimpleNamespace:
    """Return the names that the chapter's cells define."""
    notebook = read(BOOK / "chapters" / "16_language_models.ipynb")
    sources = {cell.id: cell.source for cell in notebook.cells}
    names: dict[str, object] = {"__name__": "book_16"}
    with contextlib.chdir(BOOK / "chapters"), contextlib.redirect_stdout(io.StringIO()):
        for name in CELLS:
            exec(sources[name], names)
    return SimpleNamespace(**names)


def taught_long(book: SimpleNamespace, kind: str, seed: int) -> Module:
    """Return the author or its rival, which has as many parameters, after a long training."""
    own = np.random.default_rng(seed)
    if kind == "rival":
        model = models.CharRNN(49, 64, 157, cell="gru", rng=own)
    else:
        model = book.new_gpt(own, block=BLOCK, layers=2, kind=book.NearGPT)
    return book.teach(model, book.learnt_on, STEPS, own, lr=RATES[kind], block=BLOCK)


def main() -> None:
    """Train, measure and store."""
    book = cells()
    for kind, file in FILES.items():
        model = taught_long(book, kind, 0)
        print(f"{kind}: {book.bits_of(model, book.held, BLOCK):.3f} bits on validation text")
        halves = {name: array.astype(np.float16) for name, array in model.state_dict().items()}
        save_file(halves, BOOK / "book" / file)


if __name__ == "__main__":
    main()
