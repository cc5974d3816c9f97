"""Where samples of torch differ on purpose, and the words that the page of differences has for it.

A difference that is met must stand on the page, and one that no sample meets any more must go.
"""

import re
from pathlib import Path
from typing import NamedTuple

from tests.parity.comparison import REFUSED, Finding

PAGE = Path(__file__).parents[2] / "book/api/differences.md"
ACCEPTED = "accepted"  # a verdict: what torch refuses is computed here


class Difference(NamedTuple):
    """One kind of refusal, or of what only dlcore accepts."""

    phrase: str  # stands on the page
    message: str  # a pattern in the error; empty for what is accepted
    names: tuple[str, ...]  # of everything that differs so

    @classmethod
    def of(cls, name: str) -> list["Difference"]:
        """List the differences in which `name` takes part."""
        return [known for known in DIFFERENCES if name in known.names]


NUMBER = "a single number has no axis"

DIFFERENCES = [
    # What dlcore refuses
    Difference("operators have no `alpha`", "takes no keyword arguments", ("add", "sub")),
    Difference(
        NUMBER,
        r"expected no axis \(of a single number\)",
        (
            "amax",
            "amin",
            "mean",
            "sum",
            "logsumexp",
            "squeeze",
            "topk",
            "transpose",
            "nn.functional.normalize",
            "nn.functional.cosine_similarity",
        ),
    ),
    Difference("they have no `unbiased`", "'unbiased'", ("std", "var")),
    Difference("they have no `unbiased`", "dim: expected the number of an axis", ("std", "var")),
    Difference("`correction` is a number", "correction: expected a number", ("std", "var")),
    Difference("`to` takes a dtype and nothing else", "positional arguments", ("to",)),
    Difference("every array that `cat` joins has the axis", "expected from -1 to 0", ("cat",)),
    Difference(
        "pooling returns no indices",
        "'return_indices'",
        ("nn.functional.max_pool1d", "nn.functional.max_pool2d"),
    ),
    Difference(
        "pooling returns no indices", "positional arguments", ("nn.functional.adaptive_max_pool2d",)
    ),
    Difference(
        "one number, or one for each axis",
        r"must be a number or 2 of them",
        ("nn.functional.avg_pool2d",),
    ),
    Difference(
        "`output_padding` of a transposed convolution stays below `stride`",
        "output_padding",
        ("nn.functional.conv_transpose2d",),
    ),
    Difference(
        "`interpolate` has the modes", "mode '.*' does not fit", ("nn.functional.interpolate",)
    ),
    Difference(
        "`interpolate` takes `scale_factor` as it is given",
        "'recompute_scale_factor'",
        ("nn.functional.interpolate",),
    ),
    Difference(
        "`batch_norm` needs the axis of channels", "at least 2 axes", ("nn.functional.batch_norm",)
    ),
    Difference(
        "`normalize` takes a positive `p`", "p must be positive", ("nn.functional.normalize",)
    ),
    # What only dlcore accepts
    Difference("a number or an array may stand", "", ("maximum", "minimum", "heaviside")),
    Difference("integers go through `mean`", "", ("mean",)),
    Difference("an image without channels", "", ("nn.functional.max_pool1d",)),
]


def found_in(name: str, finding: Finding) -> Difference | None:
    """Find the difference that a finding belongs to; what is wrong or unclear has none."""
    return found_among(DIFFERENCES, name, finding)


def found_among(differences: list[Difference], name: str, finding: Finding) -> Difference | None:
    """Find in a list the difference that a finding belongs to."""
    if finding.verdict not in (REFUSED, ACCEPTED):
        return None
    accepted = finding.verdict == ACCEPTED
    for known in differences:
        if name not in known.names or accepted is not (not known.message):
            continue
        if re.search(known.message, finding.text):
            return known
    return None
