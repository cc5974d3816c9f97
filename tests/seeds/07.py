"""Further seeds of chapter 7: starts of the ring's networks and of XOR."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = (
    "imports", "sheet", "forward", "stack", "layers-class", "check", "train", "crease-train",
    "xor-learnt", "symmetry-broken", "shapes",
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
    "Further starts of XOR: how many of sixty learn it in 1,000 passes",
    "starts | learnt | squared errors of the others",
    0.05,
)
def corners(book: SimpleNamespace) -> Iterator[str]:
    nets = [book.learn_xor(seed) for seed in range(8, 68)]
    losses = [book.xor_loss(net) for net in nets]
    far = [np.abs(net.a[-1] - book.wanted).max() >= 0.1 for net in nets]
    others = [loss for loss, lost in zip(losses, far, strict=True) if lost]
    yield f"8 to 67 | {60 - sum(far)} | " + " and ".join(f"{loss:.3f}" for loss in others)


@table(
    "symmetry-seeds",
    "Ten starts of size 0.5: what is left of the squares",
    "squares | starts | units that ever sleep",
    0.0,
)
def lines(book: SimpleNamespace) -> Iterator[str]:
    found = [book.max_of_three(book.around(0.0, 0.5, seed)) for seed in range(10)]
    bent = [asleep for left, _, asleep in found if left < 1]
    straight = [asleep for left, _, asleep in found if left > 6]
    for name, group in (("below 1", bent), ("above 6", straight)):
        yield f"{name} | {len(group)} | {min(group)} to {max(group)}"
