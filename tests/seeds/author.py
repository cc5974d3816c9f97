"""Train the two networks that chapter 16 compares, and store their weights beside the book.

``python -m tests.seeds.author`` runs the chapter's own cells and writes
``book/english_gpt.safetensors``, the author, and ``book/english_gru.safetensors``, its rival. It
takes about a quarter of an hour; the chapter's cell "load" measures both each time that the
notebook runs. Names after the command choose which of the two are trained.
"""

import contextlib
import io
import sys
from types import SimpleNamespace

import numpy as np

from dlcore import models, nn
from dlcore.notebooks.files import read
from dlcore.storage import save_file
from tests.seeds.tables import BOOK

# The cells of the chapter whose code is needed to train.
CELLS = (
    "imports", "text", "pair-table", "gpt-pieces", "gpt-written", "gpt-checked", "teach",
    "bits-measured", "near",
)  # fmt: skip
STEPS, BLOCK = 10_000, 64  # of 16 pieces
# Both chosen on validation text. What dropout zeroes in training changes no shape, so that the
# stored weights fit the chapter's networks, which have none.
RATES = {"author": 0.01, "rival": 0.02}
DROPOUT = {"author": 0.03, "rival": 0.1}
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


def untaught(book: SimpleNamespace, kind: str, own: np.random.Generator) -> nn.Module:
    """Return the author or its rival, which has about as many parameters, with dropout."""
    if kind == "author":

        def near(*shape: int, rng: np.random.Generator) -> nn.Module:
            return book.NearGPT(*shape, DROPOUT[kind], rng=rng)

        return book.new_gpt(own, width=52, block=BLOCK, layers=3, kind=near)
    model = models.CharRNN(49, 64, 157, cell="gru", rng=own)
    drop = nn.Dropout(DROPOUT[kind], own)
    model.drop = drop
    model.head.register_forward_pre_hook(lambda _, given: (drop(given[0]),))
    return model


def taught_long(book: SimpleNamespace, kind: str, seed: int) -> nn.Module:
    """Return the author or its rival after a long training, ready to be measured."""
    own = np.random.default_rng(seed)
    model = untaught(book, kind, own)
    book.teach(model, book.learnt_on, STEPS, own, lr=RATES[kind], block=BLOCK)
    return model.eval()


def main() -> None:
    """Train, measure and store."""
    book = cells()
    for kind in sys.argv[1:] or FILES:
        model = taught_long(book, kind, 0)
        print(f"{kind}: {book.bits_of(model, book.held, BLOCK):.3f} bits on validation text")
        halves = {name: array.astype(np.float16) for name, array in model.state_dict().items()}
        save_file(halves, BOOK / "book" / FILES[kind])


if __name__ == "__main__":
    main()
