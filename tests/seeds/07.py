"""Further seeds of chapter 7: starts of the ring's networks and of XOR."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = (
    "imports", "sheet", "forward", "stack", "layers-class", "check", "train", "crease-train",
    "bends-written", "bends-table", "xor-learnt", "symmetry-broken", "shapes",
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
    "bends-seeds",
    "Bends and depths: right on the held-out dots in per cent, mean of three starts",
    "bend | 1 hidden layer of 8 | 2 | 4 | 8",
    0.3,
)
def bends(book: SimpleNamespace) -> Iterator[str]:
    def share(name: str, depth: int) -> float:
        gain = 2.0 if "relu" in name else 1.0
        sizes = [2, *[8] * depth, 2]
        nets = [
            book.Layers(sizes, book.BENDS[name], np.random.default_rng(seed), gain)
            for seed in range(3)
        ]
        return float(
            np.mean(
                [
                    100 * book.right(book.train(net, book.x_ring, book.y_ring, steps=2000))
                    for net in nets
                ]
            )
        )

    for name in ("sigmoid", "tanh", "relu", "leaky relu", "silu"):
        yield " | ".join([name, *(f"{share(name, depth):.1f}" for depth in (1, 2, 4, 8))])


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
