"""Train the network that writes in chapter 16, and store its weights beside the book.

``python -m tests.seeds.author`` runs the chapter's own cells and writes
``book/english_gpt.safetensors``. It takes several minutes; the chapter's cell "load" measures the
weights again each time that the notebook runs.
"""

import contextlib
import io
from types import SimpleNamespace

import numpy as np

from dlcore import models
from dlcore.interop.safetensors import save_file
from dlcore.notebooks.files import read
from tests.seeds.tables import BOOK

# The cells of the chapter whose code is needed to train.
CELLS = (
    "imports",
    "text",
    "pair-table",
    "gpt-pieces",
    "gpt-written",
    "teach",
    "bits-measured",
    "near",
)
STEPS = 5000
WEIGHTS = BOOK / "book" / "english_gpt.safetensors"


def cells() -> SimpleNamespace:
    """Return the names that the chapter's cells define."""
    sources = {
        cell.id: cell.source for cell in read(BOOK / "chapters" / "16_language_models.ipynb").cells
    }
    names: dict[str, object] = {"__name__": "book_16"}
    with contextlib.chdir(BOOK / "chapters"), contextlib.redirect_stdout(io.StringIO()):
        for name in CELLS:
            exec(sources[name], names)
    return SimpleNamespace(**names)


def taught_long(book: SimpleNamespace, kind: str, seed: int, steps: int = STEPS) -> models.GPT:
    """Return a network after a long training; the GRU has as many parameters as the others."""
    own = np.random.default_rng(seed)
    if kind == "GRU":
        model = models.CharRNN(49, 64, 158, cell="gru", rng=own)
    else:
        kinds = {"GPT": models.GPT, "GPT, neighbours": book.NearGPT}
        model = book.new_gpt(own, layers=2, kind=kinds[kind])
    return book.teach(model, book.learnt_on, steps, own, batch=32)


def main() -> None:
    """Train, measure and store."""
    book = cells()
    model = taught_long(book, "GPT, neighbours", 0)
    print(f"{book.bits_of(model, book.held):.3f} bits on validation text")
    halves = {name: array.astype(np.float16) for name, array in model.state_dict().items()}
    save_file(halves, WEIGHTS)


if __name__ == "__main__":
    main()
