"""Further seeds of chapter 7: starts of the ring's networks and of XOR."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = (
    "imports", "sheet", "forward", "stack", "layers-class", "check", "train", "crease-train",
    "xor-learnt", "shapes",
)  # fmt: skip


@table(
    "result-seeds",
    "Ten starts of each shape: right on the 5,000 held-out dots in per cent",
    "shape | mean | least | most",
    0.3,
)
def rings(book: SimpleNamespace) -> Iterator[str]:
    for shape in book.SHAPES:
        shares = [100 * book.right(book.ring_net(shape, seed)) for seed in range(10)]
        yield f"{shape} | {np.mean(shares):.2f} | {min(shares):.1f} | {max(shares):.1f}"


@table(
    "xor-seeds",
    "Further starts of XOR: how many of twenty learn it in 1,000 passes",
    "starts | learnt | largest squared error of those that do not",
    0.05,
)
def corners(book: SimpleNamespace) -> Iterator[str]:
    for first in (8, 28, 48):
        nets = [book.learn_xor(seed) for seed in range(first, first + 20)]
        losses = [book.xor_loss(net) for net in nets]
        far = [np.abs(net.a[-1] - book.wanted).max() >= 0.1 for net in nets]
        worst = max((loss for loss, lost in zip(losses, far, strict=True) if lost), default=0)
        yield f"{first} to {first + 19} | {20 - sum(far)} | {worst:.3f}"
