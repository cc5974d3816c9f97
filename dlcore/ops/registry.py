"""The table of primitives: what each accepts, and the cases it is proven on.

Gradient checks, tangent checks, second derivatives, parity with PyTorch and the API reference are
all driven by `REGISTRY`. A primitive without a row fails a test.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

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
from dlcore.ops.cases import (
    ANY,
    ATTENTION,
    AWAY_FROM_ZERO,
    AXIS,
    BINARY,
    CLASS_CROSS_ENTROPY,
    CONDITION,
    CONV,
    CONV_KERNEL,
    CONV_TRANSPOSE,
    CROSS_ENTROPY,
    EMPTY_POOL,
    INDEX,
    KINK_AT_ZERO,
    LINEAR,
    MATMUL,
    NORM,
    PAIR_LOSS,
    POSITIVE,
    PUT_ADD,
    RECURRENT,
    REDUCE,
    RMS_NORM,
    UNARY,
    WINNER,
    Case,
    Domain,
    pooled,
    with_options,
)

Family = Literal["elementwise", "reduce", "axis", "own"]


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
        one `axis` to work along, or only as in `cases`.
    cases : tuple of Case
        Settings that are always checked.
    twice : bool
        Whether second derivatives exist; if not, asking for them names the primitive.
    """

    function: type[Function]
    domains: tuple[Domain, ...]
    family: Family
    cases: tuple[Case, ...]
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

    def draw(self, rng: np.random.Generator, case: Case) -> list[np.ndarray]:
        """Draw operands for a case.

        Parameters
        ----------
        rng : numpy.random.Generator
            Source of randomness.
        case : Case
            Shapes and options.

        Returns
        -------
        list of numpy.ndarray
            float64 operands inside their domains.
        """
        last = len(self.domains) - 1
        return [self.domains[min(i, last)].draw(rng, s) for i, s in enumerate(case.shapes)]


_ROWS = (
    Row(elementwise.Neg, (ANY,), "elementwise", UNARY),
    Row(elementwise.Add, (ANY, ANY), "elementwise", BINARY),
    Row(elementwise.Sub, (ANY, ANY), "elementwise", BINARY),
    Row(elementwise.Mul, (ANY, ANY), "elementwise", BINARY),
    Row(elementwise.Div, (ANY, AWAY_FROM_ZERO), "elementwise", BINARY),
    Row(elementwise.Pow, (POSITIVE, ANY), "elementwise", BINARY),
    Row(elementwise.Exp, (ANY,), "elementwise", UNARY),
    Row(elementwise.Log, (POSITIVE,), "elementwise", UNARY),
    Row(elementwise.Sqrt, (POSITIVE,), "elementwise", UNARY),
    Row(elementwise.Sin, (ANY,), "elementwise", UNARY),
    Row(elementwise.Cos, (ANY,), "elementwise", UNARY),
    Row(elementwise.Abs, (KINK_AT_ZERO,), "elementwise", UNARY),
    Row(
        elementwise.Clamp,
        (Domain(kinks=(-0.5, 1.0)),),
        "own",
        (
            Case(((3, 4),), {"min": -0.5, "max": 1.0}),
            Case(((3, 4),), {"min": None, "max": 1.0}),
            Case(((),), {"min": -0.5, "max": None}),
            Case(((0, 2),), {"min": -0.5, "max": 1.0}),
        ),
    ),
    # Two operands that differ by at least 0.1: ties are checked by a test of their own.
    Row(elementwise.Maximum, (KINK_AT_ZERO, Domain(0, 0)), "elementwise", BINARY),
    Row(elementwise.Minimum, (KINK_AT_ZERO, Domain(0, 0)), "elementwise", BINARY),
    Row(
        elementwise.Where,
        (ANY, ANY),
        "own",
        (
            Case(((2, 3), (2, 3)), {"condition": CONDITION}),
            Case(((2, 3), ()), {"condition": CONDITION}),
            Case(((3,), (2, 1)), {"condition": CONDITION}),
        ),
    ),
    Row(
        elementwise.Cast,
        (ANY,),
        "own",
        (Case(((2, 3),), {"dtype": np.dtype(np.float64)}),),
    ),
    Row(activation.Relu, (KINK_AT_ZERO,), "elementwise", UNARY),
    Row(activation.Sigmoid, (ANY,), "elementwise", UNARY),
    Row(activation.Tanh, (ANY,), "elementwise", UNARY),
    Row(activation.LeakyRelu, (KINK_AT_ZERO,), "own", with_options(negative_slope=0.1)),
    Row(activation.Elu, (KINK_AT_ZERO,), "own", with_options(alpha=1.5)),
    Row(activation.Silu, (ANY,), "elementwise", UNARY),
    Row(activation.Gelu, (ANY,), "own", (*with_options(tanh=False), *with_options(tanh=True))),
    Row(
        activation.Softplus,
        (Domain(kinks=(0.5,)),),
        "own",
        (*with_options(beta=2.0, threshold=20.0), *with_options(beta=2.0, threshold=1.0)),
    ),
    Row(special.Erf, (ANY,), "elementwise", UNARY),
    Row(activation.Softmax, (ANY,), "axis", AXIS),
    Row(activation.LogSoftmax, (ANY,), "axis", AXIS),
    Row(reduce.Sum, (ANY,), "reduce", (*REDUCE, Case(((0, 3),), {"axis": 0}))),
    Row(reduce.Mean, (ANY,), "reduce", REDUCE),
    Row(reduce.Amax, (ANY,), "reduce", REDUCE),
    Row(reduce.Amin, (ANY,), "reduce", REDUCE),
    Row(reduce.Logsumexp, (ANY,), "reduce", REDUCE),
    Row(
        shape.Reshape,
        (ANY,),
        "own",
        (
            Case(((2, 6),), {"shape": (3, -1)}),
            Case(((),), {"shape": (1, 1)}),
            Case(((0, 2),), {"shape": (2, 0)}),
        ),
    ),
    Row(
        shape.Transpose,
        (ANY,),
        "own",
        (
            Case(((2, 3),), {"axes": None}),
            Case(((2, 3, 4),), {"axes": (1, 2, 0)}),
            Case(((2, 3, 4),), {"axes": (-1, 0, 1)}),
            Case(((0, 1),), {"axes": (1, 0)}),
        ),
    ),
    Row(
        shape.BroadcastTo,
        (ANY,),
        "own",
        (
            Case(((3, 1),), {"shape": (2, 3, 4)}),
            Case(((),), {"shape": (2,)}),
            Case(((1, 2),), {"shape": (0, 2)}),
        ),
    ),
    Row(
        shape.Concatenate,
        (ANY,),
        "own",
        (
            Case(((2, 3), (1, 3)), {"axis": 0}),
            Case(((2, 1), (2, 3), (2, 0)), {"axis": -1}),
            Case(((2,),), {"axis": 0}),
        ),
    ),
    Row(linalg.MatMul, (ANY, ANY), "own", MATMUL),
    Row(linalg.Linear, (ANY,), "own", LINEAR),
    Row(conv.Conv2d, (ANY, ANY), "own", CONV),
    Row(conv.ConvTranspose2d, (ANY, ANY), "own", CONV_TRANSPOSE),
    Row(conv.ConvKernel2d, (ANY, ANY), "own", CONV_KERNEL),
    Row(
        pool.MaxPool2d,
        (ANY,),
        "own",
        (*pooled(((2, 3, 5, 4), (2, 3, 5, 4)), sized=False), EMPTY_POOL),
    ),
    Row(
        pool.PickWinner,
        (ANY,),
        "own",
        pooled(((2, 3, 5, 4), (2, 3, 5, 4)), sized=True, winner=WINNER)[:1],
    ),
    Row(
        pool.PutWinner,
        (ANY,),
        "own",
        pooled(((2, 3, 2, 2), (2, 3, 2, 2)), sized=True, winner=WINNER)[:1],
    ),
    Row(pool.PatchSum, (ANY,), "own", pooled(((2, 3, 5, 4), (2, 3, 5, 4)), sized=True)),
    Row(pool.PatchSpread, (ANY,), "own", pooled(((2, 3, 2, 2), (2, 3, 5, 2)), sized=True)),
    Row(norm.Standardize, (ANY,), "own", NORM),
    Row(norm.RmsNorm, (ANY,), "own", RMS_NORM),
    Row(attention.Attention, (ANY,), "own", ATTENTION),
    Row(recurrent.Rnn, (ANY,), "own", RECURRENT["rnn"], twice=False),
    Row(recurrent.Lstm, (ANY,), "own", RECURRENT["lstm"], twice=False),
    Row(recurrent.Gru, (ANY,), "own", RECURRENT["gru"], twice=False),
    Row(index.GetItem, (ANY,), "own", INDEX),
    Row(index.PutAdd, (ANY,), "own", PUT_ADD),
    Row(loss.CrossEntropy, (ANY, Domain(0.0, 1.0)), "own", CROSS_ENTROPY),
    Row(loss.ClassCrossEntropy, (ANY,), "own", CLASS_CROSS_ENTROPY),
    Row(loss.SquaredError, (ANY, ANY), "own", PAIR_LOSS),
    Row(loss.BinaryCrossEntropyWithLogits, (ANY, Domain(0.0, 1.0)), "own", PAIR_LOSS),
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
