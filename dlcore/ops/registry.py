"""The table of primitives: what each accepts, and how often it can be differentiated.

Gradient checks, tangent checks, second derivatives, parity with PyTorch and the API reference are
all driven by `REGISTRY`. A primitive without a row fails a test.
"""

from dataclasses import dataclass
from typing import Literal

from dlcore.function import Function
from dlcore.methods import PRIMITIVES
from dlcore.ops import (
    activation,
    attention,
    conv,
    elementwise,
    index,
    linalg,
    loss,
    norm,
    pool,
    recurrent,
    reduce,
    shape,
    special,
)

Family = Literal["elementwise", "reduce", "axis", "own"]


@dataclass(frozen=True)
class Domain:
    """Interval from which an operand is drawn.

    Parameters
    ----------
    low, high : float
        Ends of the interval.
    kinks : tuple of float
        Points without a derivative; samples keep a distance of `margin` from them.
    margin : float
        That distance.
    """

    low: float = -2.0
    high: float = 2.0
    kinks: tuple[float, ...] = ()
    margin: float = 0.05


ANY = Domain()
POSITIVE = Domain(0.3, 2.0)
AWAY_FROM_ZERO = Domain(-2.0, 2.0, kinks=(0.0,), margin=0.3)
KINK_AT_ZERO = Domain(-2.0, 2.0, kinks=(0.0,))


@dataclass(frozen=True)
class Row:
    """What the table knows of one primitive.

    Parameters
    ----------
    function : type[Function]
        The primitive.
    domains : tuple of Domain
        One for each operand; the last serves any further operands.
    family : {"elementwise", "reduce", "axis", "own"}
        How shapes may vary: freely and broadcasting, freely with an `axis` to reduce, freely with
        one `axis` to work along, or in a way of its own.
    twice : bool
        Whether second derivatives exist; if not, asking for them names the primitive.
    """

    function: type[Function]
    domains: tuple[Domain, ...]
    family: Family
    twice: bool = True

    @property
    def name(self) -> str:
        """Name of the primitive."""
        return self.function.name

    @property
    def module(self) -> str:
        """The module it lives in, such as ``elementwise``."""
        return self.function.__module__.rsplit(".", 1)[1]

    @property
    def summary(self) -> str:
        """First line of its docstring."""
        return (self.function.__doc__ or "").split("\n", 1)[0]


_ROWS = (
    Row(elementwise.Neg, (ANY,), "elementwise"),
    Row(elementwise.Add, (ANY, ANY), "elementwise"),
    Row(elementwise.Sub, (ANY, ANY), "elementwise"),
    Row(elementwise.Mul, (ANY, ANY), "elementwise"),
    Row(elementwise.Div, (ANY, AWAY_FROM_ZERO), "elementwise"),
    Row(elementwise.Pow, (POSITIVE, ANY), "elementwise"),
    Row(elementwise.Exp, (ANY,), "elementwise"),
    Row(elementwise.Log, (POSITIVE,), "elementwise"),
    Row(elementwise.Sqrt, (POSITIVE,), "elementwise"),
    Row(elementwise.Sin, (ANY,), "elementwise"),
    Row(elementwise.Cos, (ANY,), "elementwise"),
    Row(elementwise.Abs, (KINK_AT_ZERO,), "elementwise"),
    Row(elementwise.Clamp, (Domain(kinks=(-0.5, 1.0)),), "own"),
    # Two operands that differ by at least 0.1: ties are checked by a test of their own.
    Row(elementwise.Maximum, (KINK_AT_ZERO, Domain(0, 0)), "elementwise"),
    Row(elementwise.Minimum, (KINK_AT_ZERO, Domain(0, 0)), "elementwise"),
    Row(elementwise.Where, (ANY, ANY), "own"),
    Row(elementwise.Cast, (ANY,), "own"),
    Row(activation.Relu, (KINK_AT_ZERO,), "elementwise"),
    Row(activation.Sigmoid, (ANY,), "elementwise"),
    Row(activation.Tanh, (ANY,), "elementwise"),
    Row(activation.LeakyRelu, (KINK_AT_ZERO,), "own"),
    Row(activation.Elu, (KINK_AT_ZERO,), "own"),
    Row(activation.Silu, (ANY,), "elementwise"),
    Row(activation.Gelu, (ANY,), "own"),
    Row(activation.Softplus, (Domain(kinks=(0.5,)),), "own"),
    Row(special.Erf, (ANY,), "elementwise"),
    Row(activation.Softmax, (ANY,), "axis"),
    Row(activation.LogSoftmax, (ANY,), "axis"),
    Row(reduce.Sum, (ANY,), "reduce"),
    Row(reduce.Mean, (ANY,), "reduce"),
    Row(reduce.Amax, (ANY,), "reduce"),
    Row(reduce.Amin, (ANY,), "reduce"),
    Row(reduce.Logsumexp, (ANY,), "reduce"),
    Row(shape.Reshape, (ANY,), "own"),
    Row(shape.Transpose, (ANY,), "own"),
    Row(shape.BroadcastTo, (ANY,), "own"),
    Row(shape.Concatenate, (ANY,), "own"),
    Row(linalg.MatMul, (ANY, ANY), "own"),
    Row(linalg.Linear, (ANY,), "own"),
    Row(conv.Conv2d, (ANY, ANY), "own"),
    Row(conv.ConvTranspose2d, (ANY, ANY), "own"),
    Row(conv.ConvKernel2d, (ANY, ANY), "own"),
    Row(pool.MaxPool2d, (ANY,), "own"),
    Row(pool.PickWinner, (ANY,), "own"),
    Row(pool.PutWinner, (ANY,), "own"),
    Row(pool.PatchSum, (ANY,), "own"),
    Row(pool.PatchSpread, (ANY,), "own"),
    Row(norm.Standardize, (ANY,), "own"),
    Row(norm.RmsNorm, (ANY,), "own"),
    Row(attention.Attention, (ANY,), "own"),
    Row(recurrent.Rnn, (ANY,), "own", twice=False),
    Row(recurrent.Lstm, (ANY,), "own", twice=False),
    Row(recurrent.Gru, (ANY,), "own", twice=False),
    Row(index.GetItem, (ANY,), "own"),
    Row(index.PutAdd, (ANY,), "own"),
    Row(loss.CrossEntropy, (ANY, Domain(0.0, 1.0)), "own"),
    Row(loss.ClassCrossEntropy, (ANY,), "own"),
    Row(loss.SquaredError, (ANY, ANY), "own"),
    Row(loss.BinaryCrossEntropyWithLogits, (ANY, Domain(0.0, 1.0)), "own"),
)

REGISTRY: dict[str, Row] = {row.name: row for row in _ROWS}
"""Every primitive by name."""


def missing_rows() -> list[str]:
    """List primitives that are defined but have no row.

    Returns
    -------
    list of str
        Names; empty in a complete library.
    """
    return sorted(set(PRIMITIVES) - set(REGISTRY))
