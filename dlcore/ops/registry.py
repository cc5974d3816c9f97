"""The table of primitives: what each accepts, and the cases it is proven on.

Gradient checks, tangent checks, second derivatives, parity with PyTorch and the API reference are
all driven by `REGISTRY`. A primitive without a row fails a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from dlcore.function import Function
from dlcore.operators import PRIMITIVES
from dlcore.ops import activation, conv, elementwise, index, linalg, loss, reduce, shape, special

Shape = tuple[int, ...]
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

    def draw(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        """Draw an operand.

        Parameters
        ----------
        rng : numpy.random.Generator
            Source of randomness.
        shape : tuple of int
            Shape of the operand.

        Returns
        -------
        numpy.ndarray
            float64 samples of `shape` inside the domain.
        """
        x = rng.uniform(self.low, self.high, shape)
        for kink in self.kinks:
            near = np.abs(x - kink) < self.margin
            x = np.where(near, kink + np.where(x < kink, -self.margin, self.margin), x)
        return x


@dataclass(frozen=True)
class Case:
    """One setting that a primitive is checked with: operand shapes, and options."""

    shapes: tuple[Shape, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


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


_ANY = Domain()
_POSITIVE = Domain(0.3, 2.0)
_AWAY_FROM_ZERO = Domain(-2.0, 2.0, kinks=(0.0,), margin=0.3)
_KINK_AT_ZERO = Domain(-2.0, 2.0, kinks=(0.0,))

_UNARY = (Case(((2, 3),)), Case(((),)), Case(((0, 2),)), Case(((1, 1, 4),)))


def _with(**options: Any) -> tuple[Case, ...]:
    """Give the cases of a function of one operand some options."""
    return tuple(Case(case.shapes, options) for case in _UNARY)


_BINARY = (
    Case(((2, 3), (2, 3))),
    Case(((2, 3), (3,))),
    Case(((2, 1, 4), (3, 1))),
    Case(((), (2, 2))),
    Case(((0, 3), (1, 3))),
)
_REDUCE = (
    Case(((2, 3),), {"axis": None}),
    Case(((2, 3, 4),), {"axis": 1}),
    Case(((2, 3, 4),), {"axis": (0, -1), "keepdims": True}),
    Case(((1, 3),), {"axis": 0}),
)
_AXIS = (
    Case(((2, 3),), {"axis": -1}),
    Case(((2, 3, 4),), {"axis": 1}),
    Case(((4, 1),), {"axis": 1}),
    Case(((5,),), {"axis": 0}),
    Case(((0, 3),), {"axis": 1}),
)
_MATMUL = (
    Case(((2, 3), (3, 4))),
    Case(((3,), (3,))),
    Case(((3,), (3, 2))),
    Case(((2, 3), (3,))),
    Case(((5, 2, 3), (3, 4))),
    Case(((4, 1, 2, 3), (5, 3, 2))),
    Case(((5, 2, 3), (3,))),
    Case(((3,), (5, 3, 2))),
    Case(((0, 3), (3, 2))),
    Case(((1, 1), (1, 1))),
)
_LINEAR = (
    Case(((4, 3), (2, 3), (2,))),
    Case(((4, 3), (2, 3))),
    Case(((3,), (2, 3), (2,))),
    Case(((2, 5, 3), (1, 3), (1,))),
    Case(((0, 3), (2, 3), (2,))),
)
_INDEX = (
    Case(((4, 3),), {"index": 1}),
    Case(((4, 3),), {"index": (slice(None, None, 2), None, -1)}),
    Case(((4, 3),), {"index": np.array([0, 2, 0])}),
    Case(((4, 3),), {"index": (np.array([[0], [3]]), np.array([1, 1]))}),
    Case(((2, 3),), {"index": np.array([[True, False, True], [False, False, True]])}),
    Case(((4, 3),), {"index": (Ellipsis, slice(0, 0))}),
)
_PUT_ADD = (
    Case(((3,),), {"index": 1, "shape": (4, 3)}),
    Case(((3, 3),), {"index": np.array([0, 2, 0]), "shape": (4, 3)}),
    Case(((2, 1),), {"index": (slice(None, None, 2), slice(1, 2)), "shape": (4, 3)}),
)
_CROSS_ENTROPY = (
    Case(((4, 3), (4, 3)), {"axis": 1}),
    Case(((2, 3, 4), (2, 3, 4)), {"axis": 1}),
    Case(((3,), (3,)), {"axis": 0}),
    Case(((0, 3), (0, 3)), {"axis": 1}),
    Case(((1, 1), (1, 1)), {"axis": 1}),
)
_MIXED = conv.Geometry(stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=2)
_CONV = (
    Case(((2, 3, 5, 4), (4, 3, 3, 2)), {"geometry": conv.Geometry()}),
    Case(((2, 4, 5, 6), (6, 2, 3, 2)), {"geometry": _MIXED}),
    Case(((1, 2, 1, 1), (2, 1, 1, 1)), {"geometry": conv.Geometry(groups=2)}),
    Case(((0, 1, 3, 3), (1, 1, 2, 2)), {"geometry": conv.Geometry()}),
)
_CONV_TRANSPOSE = (
    Case(((2, 4, 3, 3), (4, 3, 3, 2)), {"size": (5, 4), "geometry": conv.Geometry()}),
    Case(((2, 6, 3, 4), (6, 2, 3, 2)), {"size": (5, 6), "geometry": _MIXED}),
    Case(((2, 6, 3, 4), (6, 2, 3, 2)), {"size": (6, 6), "geometry": _MIXED}),
)
_CONV_KERNEL = (
    Case(((2, 3, 5, 4), (2, 4, 3, 3)), {"kernel": (3, 2), "geometry": conv.Geometry()}),
    Case(((2, 4, 5, 6), (2, 6, 3, 4)), {"kernel": (3, 2), "geometry": _MIXED}),
)
_CONDITION = np.array([[True, False, True], [False, True, False]])

_ROWS = (
    Row(elementwise.Neg, (_ANY,), "elementwise", _UNARY),
    Row(elementwise.Add, (_ANY, _ANY), "elementwise", _BINARY),
    Row(elementwise.Sub, (_ANY, _ANY), "elementwise", _BINARY),
    Row(elementwise.Mul, (_ANY, _ANY), "elementwise", _BINARY),
    Row(elementwise.Div, (_ANY, _AWAY_FROM_ZERO), "elementwise", _BINARY),
    Row(elementwise.Pow, (_POSITIVE, _ANY), "elementwise", _BINARY),
    Row(elementwise.Exp, (_ANY,), "elementwise", _UNARY),
    Row(elementwise.Log, (_POSITIVE,), "elementwise", _UNARY),
    Row(elementwise.Sqrt, (_POSITIVE,), "elementwise", _UNARY),
    Row(elementwise.Sin, (_ANY,), "elementwise", _UNARY),
    Row(elementwise.Cos, (_ANY,), "elementwise", _UNARY),
    Row(elementwise.Abs, (_KINK_AT_ZERO,), "elementwise", _UNARY),
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
    Row(elementwise.Maximum, (_KINK_AT_ZERO, Domain(0, 0)), "elementwise", _BINARY),
    Row(elementwise.Minimum, (_KINK_AT_ZERO, Domain(0, 0)), "elementwise", _BINARY),
    Row(
        elementwise.Where,
        (_ANY, _ANY),
        "own",
        (
            Case(((2, 3), (2, 3)), {"condition": _CONDITION}),
            Case(((2, 3), ()), {"condition": _CONDITION}),
            Case(((3,), (2, 1)), {"condition": _CONDITION}),
        ),
    ),
    Row(
        elementwise.Cast,
        (_ANY,),
        "own",
        (Case(((2, 3),), {"dtype": np.dtype(np.float64)}),),
    ),
    Row(activation.Relu, (_KINK_AT_ZERO,), "elementwise", _UNARY),
    Row(activation.Sigmoid, (_ANY,), "elementwise", _UNARY),
    Row(activation.Tanh, (_ANY,), "elementwise", _UNARY),
    Row(activation.LeakyRelu, (_KINK_AT_ZERO,), "own", _with(negative_slope=0.1)),
    Row(activation.Elu, (_KINK_AT_ZERO,), "own", _with(alpha=1.5)),
    Row(activation.Silu, (_ANY,), "elementwise", _UNARY),
    Row(activation.Gelu, (_ANY,), "own", (*_with(tanh=False), *_with(tanh=True))),
    Row(
        activation.Softplus,
        (Domain(kinks=(0.5,)),),
        "own",
        (*_with(beta=2.0, threshold=20.0), *_with(beta=2.0, threshold=1.0)),
    ),
    Row(special.Erf, (_ANY,), "elementwise", _UNARY),
    Row(activation.Softmax, (_ANY,), "axis", _AXIS),
    Row(activation.LogSoftmax, (_ANY,), "axis", _AXIS),
    Row(reduce.Sum, (_ANY,), "reduce", (*_REDUCE, Case(((0, 3),), {"axis": 0}))),
    Row(reduce.Mean, (_ANY,), "reduce", _REDUCE),
    Row(reduce.Amax, (_ANY,), "reduce", _REDUCE),
    Row(reduce.Amin, (_ANY,), "reduce", _REDUCE),
    Row(reduce.Logsumexp, (_ANY,), "reduce", _REDUCE),
    Row(
        shape.Reshape,
        (_ANY,),
        "own",
        (
            Case(((2, 6),), {"shape": (3, -1)}),
            Case(((),), {"shape": (1, 1)}),
            Case(((0, 2),), {"shape": (2, 0)}),
        ),
    ),
    Row(
        shape.Transpose,
        (_ANY,),
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
        (_ANY,),
        "own",
        (
            Case(((3, 1),), {"shape": (2, 3, 4)}),
            Case(((),), {"shape": (2,)}),
            Case(((1, 2),), {"shape": (0, 2)}),
        ),
    ),
    Row(
        shape.Concatenate,
        (_ANY,),
        "own",
        (
            Case(((2, 3), (1, 3)), {"axis": 0}),
            Case(((2, 1), (2, 3), (2, 0)), {"axis": -1}),
            Case(((2,),), {"axis": 0}),
        ),
    ),
    Row(linalg.MatMul, (_ANY, _ANY), "own", _MATMUL),
    Row(linalg.Linear, (_ANY,), "own", _LINEAR),
    Row(conv.Conv2d, (_ANY, _ANY), "own", _CONV),
    Row(conv.ConvTranspose2d, (_ANY, _ANY), "own", _CONV_TRANSPOSE),
    Row(conv.ConvKernel2d, (_ANY, _ANY), "own", _CONV_KERNEL),
    Row(index.GetItem, (_ANY,), "own", _INDEX),
    Row(index.PutAdd, (_ANY,), "own", _PUT_ADD),
    Row(loss.CrossEntropy, (_ANY, Domain(0.0, 1.0)), "own", _CROSS_ENTROPY),
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
