"""Further seeds of chapter 13: other first weights and other draws of the delayed tokens."""

from collections.abc import Iterator
from types import SimpleNamespace

from tests.seeds.tables import table

# The cells of the chapter whose code makes the table.
CELLS = (
    "imports", "loop-unit", "how-long-counted", "echo-lengths", "reader", "delayed", "delay-run",
)  # fmt: skip


@table(
    "delay-seeds",
    "Other seeds: right answers in per cent for a delay of 12",
    "seed | 1 | 2 | 3 | 4 | 5",
    15.0,
)
def delays(book: SimpleNamespace) -> Iterator[str]:
    for kind in ("usual start", "orthogonal"):
        shares = [book.remembers(kind, 12, seed)[1] for seed in range(1, 6)]
        yield " | ".join([kind, *(f"{100 * share:.1f}" for share in shares)])
