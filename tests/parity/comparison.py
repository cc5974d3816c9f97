"""One sample computed by torch and by dlcore: values, gradients, curvatures and tangents.

Verdicts, from good to bad: `EQUAL`; `REFUSED`, with an error of dlcore's own that says why;
`UNCLEAR`, an error from within NumPy or Python; and `WRONG`.
"""

import linecache
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

import dlcore as dl
from dlcore.forward import jvp
from tests.parity.conversion import array_of, tensor_of, tensors_in

LIBRARY = str(Path(dl.__file__).parent)
SIGNATURE = ("keyword argument", "positional argument", "multiple values for argument")
TOLERANCE = {"float16": 5e-3, "float32": 3e-5, "float64": 1e-9}  # of the largest number there
EQUAL, REFUSED, UNCLEAR, WRONG = "equal", "refused", "unclear", "wrong"


class Finding(NamedTuple):
    """What came of one sample: a verdict and, unless it is `EQUAL`, what is to be said."""

    verdict: str
    text: str = ""


def judge(
    theirs: Callable[[list[Any]], Any],
    ours: Callable[[list[Any]], Any],
    points: Sequence[torch.Tensor],
    higher: bool = True,
) -> Finding:
    """Compare two functions of the same points: what they return, and its derivatives.

    Parameters
    ----------
    theirs, ours : callable
        Take a list of tensors, of torch and of dlcore, and return tensors or nests of them.
    points : sequence of torch.Tensor
        Leaves that require a gradient.
    higher : bool, default True
        Whether to compare second derivatives and forward mode, too.
    """
    leaves = [tensor_of(point) for point in points]
    expected = _outputs(theirs(list(points)), torch.tensor)
    try:
        found = _outputs(ours(list(leaves)), dl.tensor)
        wrong = differing("value", found, expected)
        if not wrong and points:
            wrong = _slopes(ours, (found, leaves), (expected, list(points)), higher)
    except Exception as error:  # every kind: which one is the question
        return refusal(error)
    return Finding(WRONG, wrong) if wrong else Finding(EQUAL)


def refusal(error: Exception) -> Finding:
    """Tell an error that dlcore raises on purpose from one that merely happens in it."""
    text = f"{type(error).__name__}: {error}"
    last = traceback.extract_tb(error.__traceback__)[-1]
    line = linecache.getline(last.filename, last.lineno or 0).strip()
    outside = not last.filename.startswith(LIBRARY)
    on_purpose = line.startswith("raise ") and not outside
    if on_purpose and isinstance(error, ValueError | TypeError | NotImplementedError):
        return Finding(REFUSED, text)
    handed_on = line.endswith("(*args, **kwargs)")  # by a decorator, as it was given
    by_signature = isinstance(error, TypeError) and any(s in text for s in SIGNATURE)
    if by_signature and (outside or handed_on):
        return Finding(REFUSED, text)
    return Finding(UNCLEAR, f"{text} (in {Path(last.filename).name}:{last.lineno})")


def differing(what: str, found: Sequence[Any], expected: Sequence[Any]) -> str:
    """Say how `found` differs from `expected`, or return nothing if it does not."""
    if len(found) != len(expected):
        return f"{what}: {len(found)} tensors, expected {len(expected)}"
    for ours, theirs in zip(found, expected, strict=True):
        a, b = np.asarray(ours.data), array_of(theirs)
        if a.shape != b.shape or a.dtype != b.dtype:
            return f"{what}: {a.dtype}{a.shape}, expected {b.dtype}{b.shape}"
        if not _close(a, b):
            with np.printoptions(precision=8, threshold=12, edgeitems=3):
                return f"{what}: {a.tolist() if a.size < 8 else a}, expected {b}"
    return ""


def _outputs(value: Any, tensor: Callable[[Any], Any]) -> list[Any]:
    return [tensor(value)] if isinstance(value, bool | int | float) else list(tensors_in(value))


def _close(a: np.ndarray, b: np.ndarray) -> bool:
    if b.dtype.kind != "f":
        return np.array_equal(a, b)
    tolerance = TOLERANCE[str(b.dtype)]
    finite = np.abs(b[np.isfinite(b)], dtype=np.float64)
    scale = max(1.0, finite.max(initial=0.0))
    wide = np.float64 if b.dtype == np.float16 else b.dtype
    return np.allclose(a.astype(wide), b.astype(wide), tolerance, tolerance * scale, equal_nan=True)


def _slopes(ours: Any, here: Any, there: Any, higher: bool) -> str:
    """Compare gradients of a random mixture of the results, then what follows from them."""
    found, leaves = here
    expected, points = there
    rng = np.random.default_rng(0)
    kept = [i for i, t in enumerate(expected) if t.requires_grad]
    if not kept:
        return ""
    if not all(found[i].requires_grad for i in kept):
        return "gradient: nothing was recorded"
    mixture = [rng.normal(size=expected[i].shape).astype(array_of(expected[i]).dtype) for i in kept]
    theirs = torch.autograd.grad(
        [expected[i] for i in kept], points, [torch.tensor(m) for m in mixture],
        create_graph=higher, allow_unused=True,
    )  # fmt: skip
    theirs = [torch.zeros_like(p) if g is None else g for g, p in zip(theirs, points, strict=True)]
    grads = dl.grad(
        [found[i] for i in kept], leaves, [dl.Tensor(m) for m in mixture],
        retain_graph=True, allow_unused=True,
    )  # fmt: skip
    wrong = differing("gradient", grads, theirs)
    if wrong or not higher:
        return wrong
    directions = [rng.normal(size=p.shape).astype(array_of(p).dtype) for p in points]
    return _tangent(ours, leaves, kept, mixture, directions, grads) or _curvature(
        ([found[i] for i in kept], leaves), (theirs, points), mixture, directions
    )


def _tangent(ours, leaves, kept, mixture, directions, grads) -> str:
    """Compare the tangent of the mixture with the gradients: ``<u, J v> = <Jᵀ u, v>``."""

    def mixed(*points: dl.Tensor) -> dl.Tensor:
        outputs = list(tensors_in(ours(list(points))))
        parts = [(outputs[i] * m).sum() for i, m in zip(kept, mixture, strict=True)]
        return sum(parts[1:], parts[0])

    plain = tuple(dl.Tensor(leaf.data) for leaf in leaves)
    slope = jvp(mixed, plain, tuple(dl.Tensor(d) for d in directions))[1].item()
    terms = [g.data * d for g, d in zip(grads, directions, strict=True)]
    expected = float(sum(term.sum() for term in terms))
    size = float(sum(np.abs(term).sum() for term in terms))
    tolerance = TOLERANCE[str(directions[0].dtype)] * max(1.0, size)
    if np.isfinite(expected) and not abs(slope - expected) <= tolerance:
        return f"tangent: {slope}, expected {expected}"
    return ""


def _curvature(here: Any, there: Any, mixture: Any, directions: Any) -> str:
    """Compare the gradients of the gradients along random directions."""
    theirs, points = there
    curved = [i for i, g in enumerate(theirs) if g.requires_grad]
    if not curved:
        return ""
    along = [torch.tensor(directions[i]) for i in curved]
    try:
        second = torch.autograd.grad([theirs[i] for i in curved], points, along, allow_unused=True)
    except RuntimeError as error:
        if "is not implemented" in str(error):  # some kernels of torch know no second derivative
            return ""
        raise
    expected = [
        torch.zeros_like(p) if g is None else g for g, p in zip(second, points, strict=True)
    ]
    outputs, leaves = here
    grads = dl.grad(
        outputs, leaves, [dl.Tensor(m) for m in mixture], create_graph=True, allow_unused=True
    )
    recorded = [i for i, g in enumerate(grads) if g.requires_grad]
    if recorded:
        found = dl.grad(
            [grads[i] for i in recorded], leaves, [dl.Tensor(directions[i]) for i in recorded],
            allow_unused=True,
        )  # fmt: skip
    else:
        found = [dl.Tensor(np.zeros_like(leaf.data)) for leaf in leaves]
    return differing("second derivative", found, expected)
