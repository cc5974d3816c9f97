"""Extreme inputs, generated: huge, infinite, NaN, tiny, equal, empty, and laid out in every way.

Each goes through softmax, losses, norms, attention, recurrent layers, reductions and pooling. What
torch computes of it, dlcore computes as well, values and gradients, or says on purpose why not.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
import torch.nn.functional as TF

import dlcore as dl
import dlcore.functional as F
from tests.parity.comparison import REFUSED, differing, refusal

Case = Callable[[Any, Any], Any]
ROWS, COLUMNS = 4, 6  # of every input that is not empty or single


def inputs() -> Iterator[tuple[str, np.ndarray]]:
    """Generate the extreme inputs, all of two axes."""
    rng = np.random.default_rng(0)
    ordinary = rng.normal(size=(ROWS, COLUMNS)).astype(np.float32)
    for name, value in (
        ("1e4", 1e4), ("-1e4", -1e4), ("inf", np.inf), ("-inf", -np.inf), ("nan", np.nan),
    ):  # fmt: skip
        yield (f"one {name}", _with(ordinary, (1, 2), value))
        yield (f"a row of {name}", _with(ordinary, 1, value))
    yield ("±1e4", (1e4 * np.sign(ordinary)).astype(np.float32))
    yield ("±inf", _with(_with(ordinary, (1, 2), np.inf), (1, 3), -np.inf))
    yield ("denormal", (ordinary * 1e-40).astype(np.float32))
    yield ("denormal float64", ordinary.astype(np.float64) * 1e-310)
    yield ("zero", np.zeros((ROWS, COLUMNS), np.float32))
    yield ("equal", np.full((ROWS, COLUMNS), 0.1, np.float32))
    yield ("equal rows", np.repeat(ordinary[:, :1], COLUMNS, axis=1))
    yield ("empty", ordinary[:0])
    yield ("no columns", ordinary[:, :0])
    yield ("size one", ordinary[:1, :1])
    yield ("one row", ordinary[:1])
    yield ("one column", ordinary[:, :1])
    yield ("transposed", ordinary.T.copy().T)
    yield ("every other, backwards", np.repeat(ordinary, 2, axis=1)[::-1, ::-2])
    yield ("read-only", _read_only(ordinary))
    yield ("broadcast", np.broadcast_to(ordinary[:1], (ROWS, COLUMNS)))
    yield ("big-endian", ordinary.astype(">f4"))
    yield ("big-endian float64", ordinary.astype(">f8"))
    yield ("float16", ordinary.astype(np.float16))
    yield ("float16 of 300", (300 * np.sign(ordinary) + ordinary).astype(np.float16))
    yield ("float16, one column", (300 * ordinary[:, :1]).astype(np.float16))
    yield ("int64", np.round(3 * ordinary).astype(np.int64))
    yield ("uint8", np.abs(np.round(3 * ordinary)).astype(np.uint8))
    yield ("bool", ordinary > 0)


def _with(array: np.ndarray, place: Any, value: float) -> np.ndarray:
    changed = array.copy()
    changed[place] = value
    return changed


def _read_only(array: np.ndarray) -> np.ndarray:
    locked = array.copy()
    locked.flags.writeable = False
    return locked


INPUTS = dict(inputs())


def _const(x: Any, array: Any) -> Any:
    """Make a constant of the kind and dtype of `x`, and float32 beside integers."""
    if isinstance(x, torch.Tensor):
        return torch.as_tensor(np.asarray(array)).to(x.dtype)
    return dl.tensor(np.asarray(array), dtype=x.dtype if x.dtype.kind == "f" else np.float32)


def _counts(x: Any, modulus: int = 2) -> Any:
    """Make class indices, one a row."""
    indices = np.arange(x.shape[0]) % modulus
    return torch.as_tensor(indices) if isinstance(x, torch.Tensor) else indices


def _ignored(x: Any) -> Any:
    """Make class indices of which the second and third example do not count."""
    indices = np.array([0, -100, -100, 1])[: x.shape[0]]
    return torch.as_tensor(indices) if isinstance(x, torch.Tensor) else indices


def _spread(x: Any) -> Any:
    """Make probabilities over the columns, the last two zero."""
    p = np.zeros(x.shape)
    p[:, :-2] = 1 / max(x.shape[1] - 2, 1)
    return _const(x, p)


def _half(x: Any) -> Any:
    return _const(x, np.full(x.shape, 0.5))


def _ramp(x: Any, *shape: int) -> Any:
    """Make weights from -1 to 1 in eighths, so that sums of products are exact."""
    return _const(x, np.round(8 * np.linspace(-1, 1, int(np.prod(shape)))).reshape(shape) / 8)


def _cell(kind: str) -> Case:
    gates = {"rnn": 1, "lstm": 4, "gru": 3}[kind]

    def run(M: Any, x: Any) -> Any:
        """Take every row for a step, of 3 units that begin at 0."""
        size, zero = x.shape[1], _const(x, np.zeros((1, 3)))
        weights = [
            _ramp(x, 3 * gates, size), _ramp(x, 3 * gates, 3),
            _ramp(x, 3 * gates), _ramp(x, 3 * gates),
        ]  # fmt: skip
        hx = (zero, zero) if kind == "lstm" else zero
        if M is F:
            return getattr(F, kind)(x[:, None], hx, *weights)[0]
        states = (zero[None], zero[None]) if kind == "lstm" else zero[None]
        name = "rnn_tanh" if kind == "rnn" else kind
        return getattr(torch, name)(x[:, None], states, weights, True, 1, 0.0, False, False, False)[
            0
        ]

    return run


FEW = r"expected (at least one element|more than)|no example counts|more than one element"
ROUNDED = "a sigmoid in float16 is 0 or 1 there"
INFINITE = "the loss of an infinite score is infinite, and torch's is NaN"
OTHERWISE: dict[tuple[str, str], str] = {  # where torch in float64 is not the measure, and why
    ("log of sigmoid", "float16 of 300"): ROUNDED,
    ("log of sigmoid", "float16, one column"): ROUNDED,
    ("binary_cross_entropy", "float16 of 300"): ROUNDED,
    ("binary_cross_entropy", "float16, one column"): ROUNDED,
    ("bce_with_logits", "one -inf"): INFINITE,
    ("bce_with_logits", "a row of -inf"): INFINITE,
    ("bce_with_logits", "±inf"): INFINITE,
    ("std", "denormal"): "squares of denormal numbers are 0",
} | {
    (name, given): "where one key takes all, slopes are rounded against products of 1e8"
    for name in ("attention", "attention, causal")
    for given in ("one 1e4", "a row of 1e4", "one -1e4", "±1e4")
}

CASES: dict[str, Case] = {  # of dlcore.functional or torch's, and the input
    "softmax": lambda M, x: M.softmax(x, -1),
    "softmax of columns": lambda M, x: M.softmax(x, 0),
    "log_softmax": lambda M, x: M.log_softmax(x, -1),
    "sigmoid": lambda M, x: M.sigmoid(x),
    "log of sigmoid": lambda M, x: M.sigmoid(x).log(),
    "tanh": lambda M, x: M.tanh(x),
    "relu": lambda M, x: M.relu(x),
    "leaky_relu": lambda M, x: M.leaky_relu(x),
    "elu": lambda M, x: M.elu(x),
    "silu": lambda M, x: M.silu(x),
    "gelu": lambda M, x: M.gelu(x),
    "softplus": lambda M, x: M.softplus(x),
    "mse_loss": lambda M, x: M.mse_loss(x, _half(x)),
    "l1_loss": lambda M, x: M.l1_loss(x, _half(x)),
    "huber_loss": lambda M, x: M.huber_loss(x, _half(x)),
    "smooth_l1_loss": lambda M, x: M.smooth_l1_loss(x, _half(x), beta=0.5),
    "kl_div": lambda M, x: M.kl_div(x, _half(x)),
    "binary_cross_entropy": lambda M, x: M.binary_cross_entropy(M.sigmoid(x), _half(x)),
    "bce_with_logits": lambda M, x: M.binary_cross_entropy_with_logits(x, _half(x)),
    "cross_entropy": lambda M, x: M.cross_entropy(x, _counts(x)),
    "cross_entropy, weighted": lambda M, x: M.cross_entropy(
        x, _counts(x), _const(x, np.arange(1.0, x.shape[1] + 1))
    ),
    "cross_entropy, ignored": lambda M, x: M.cross_entropy(x, _ignored(x)),
    "cross_entropy, smoothed": lambda M, x: M.cross_entropy(x, _counts(x), label_smoothing=0.1),
    "cross_entropy, probabilities": lambda M, x: M.cross_entropy(x, _spread(x)),
    "cross_entropy, places": lambda M, x: M.cross_entropy(x.T[None], _counts(x.T)[None]),
    "nll_loss": lambda M, x: M.nll_loss(x, _counts(x)),
    "nll_loss, ignored": lambda M, x: M.nll_loss(x, _ignored(x)),
    "cosine_similarity": lambda M, x: M.cosine_similarity(x, _ramp(x, *x.shape)),
    "cosine_similarity, broadcast": lambda M, x: M.cosine_similarity(
        x[:, :, None], _ramp(x, 1, *x.shape[::-1]), dim=1
    ),
    "layer_norm": lambda M, x: M.layer_norm(x, (x.shape[1],)),
    "group_norm": lambda M, x: M.group_norm(x, 2),
    "batch_norm": lambda M, x: M.batch_norm(x, None, None, training=True),
    "rms_norm": lambda M, x: M.rms_norm(x, (x.shape[1],), eps=1e-6),
    "normalize": lambda M, x: M.normalize(x),
    "attention": lambda M, x: M.scaled_dot_product_attention(x[None], x[None], x[None]),
    "attention, causal": lambda M, x: M.scaled_dot_product_attention(
        x[None], x[None], x[None], is_causal=True
    ),
    "rnn": _cell("rnn"),
    "lstm": _cell("lstm"),
    "gru": _cell("gru"),
    "sum": lambda M, x: x.sum(1),
    "sum of all": lambda M, x: x.sum(),
    "mean": lambda M, x: x.mean(0),
    "var": lambda M, x: x.var(1),
    "std": lambda M, x: x.std(1),
    "logsumexp": lambda M, x: x.logsumexp(1),
    "amax": lambda M, x: x.amax(1),
    "amin": lambda M, x: x.amin(0),
    "max_pool1d": lambda M, x: M.max_pool1d(x[None], 2),
    "avg_pool1d": lambda M, x: M.avg_pool1d(x[None], 2),
    "max_pool2d": lambda M, x: M.max_pool2d(x[None], 3, 2, 1),
    "avg_pool2d": lambda M, x: M.avg_pool2d(x[None], 3, 2, 1),
    "adaptive_avg_pool1d": lambda M, x: M.adaptive_avg_pool1d(x[None], 4),
    "adaptive_max_pool2d": lambda M, x: M.adaptive_max_pool2d(x[None], (2, 4)),
}


class Answer(NamedTuple):
    """What came of one call: the value and, if the input can have one, its gradient."""

    value: np.ndarray
    slope: np.ndarray | None = None


def _expected(case: Case, array: np.ndarray) -> Answer | None:
    """Ask torch, in float64 and rounded at the end; None if it refuses."""
    floating = array.dtype.kind == "f"
    point = torch.tensor(array.astype(np.float64), requires_grad=floating)
    try:
        out = case(TF, point)
        if not floating:
            return Answer(out.numpy().astype(np.float32))
        (slope,) = torch.autograd.grad(out, point, torch.tensor(_mixture(out, np.float64)))
    except (RuntimeError, ValueError, IndexError):
        return None
    with np.errstate(all="ignore"):
        return Answer(*(part.numpy(force=True).astype(array.dtype) for part in (out, slope)))


def _found(case: Case, array: np.ndarray) -> Answer:
    point = dl.Tensor(array, requires_grad=array.dtype.kind == "f")
    out = case(F, point)
    if not point.requires_grad:
        return Answer(out.data.astype(np.float32))
    (slope,) = dl.grad(out, point, dl.Tensor(_mixture(out, out.dtype)))
    return Answer(out.data, slope.data)


def _mixture(out: Any, dtype: Any) -> np.ndarray:
    """Weigh the results at random, as a loss behind them would."""
    return np.random.default_rng(1).normal(size=tuple(out.shape)).astype(dtype)


def fault(case: Case, array: np.ndarray) -> str:
    """Say what is wrong with dlcore's answer, or nothing."""
    expected = _expected(case, np.array(array, array.dtype.newbyteorder("="), order="C"))
    try:
        with np.errstate(all="ignore"):
            found = _found(case, array)
    except Exception as error:  # every kind: which one is the question
        what = refusal(error)
        if what.verdict == REFUSED and (expected is None or re.search(FEW, what.text)):
            return ""
        return f"{what.verdict}: {what.text}"
    if expected is None:
        return ""
    return _differing("value", found.value, expected.value) or (
        "" if np.isnan(array).any() else _differing("slope", found.slope, expected.slope)
    )


def _differing(what: str, found: np.ndarray | None, expected: np.ndarray | None) -> str:
    """Compare; a slope that torch does not know either, NaN or infinite, is left aside."""
    if found is None or expected is None:
        return ""
    if what == "slope" and found.shape == expected.shape:
        found = np.where(np.isfinite(expected), found, expected)
    return differing(what, [dl.Tensor(found)], [torch.tensor(expected)])


@pytest.mark.filterwarnings(r"ignore:(reduction|var\(\)|std\(\)):UserWarning")  # torch's
@pytest.mark.parametrize("name", CASES)
def test_extreme_inputs_give_what_torch_gives(name: str) -> None:
    found = {given: fault(CASES[name], array) for given, array in INPUTS.items()}
    known = {given for given in found if (name, given) in OTHERWISE}
    assert {given: text for given, text in found.items() if text and given not in known} == {}
    assert {given for given in known if not found[given]} == set(), "torch agrees by now"
