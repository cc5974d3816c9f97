"""The settings that primitives are proven on: shapes and options, and operands drawn for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlcore.ops import conv
from dlcore.ops.registry import Domain, Row

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """One setting that a primitive is checked with: operand shapes, and options."""

    shapes: tuple[Shape, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


UNARY = (Case(((2, 3),)), Case(((),)), Case(((0, 2),)), Case(((1, 1, 4),)))


def with_options(**options: Any) -> tuple[Case, ...]:
    """Give the cases of a function of one operand some options."""
    return tuple(Case(case.shapes, options) for case in UNARY)


BINARY = (
    Case(((2, 3), (2, 3))),
    Case(((2, 3), (3,))),
    Case(((2, 1, 4), (3, 1))),
    Case(((), (2, 2))),
    Case(((0, 3), (1, 3))),
)
REDUCE = (
    Case(((2, 3),), {"axis": None}),
    Case(((2, 3, 4),), {"axis": 1}),
    Case(((2, 3, 4),), {"axis": (0, -1), "keepdims": True}),
    Case(((1, 3),), {"axis": 0}),
    Case(((0, 3),), {"axis": 1}),
)
AXIS = (
    Case(((2, 3),), {"axis": -1}),
    Case(((2, 3, 4),), {"axis": 1}),
    Case(((4, 1),), {"axis": 1}),
    Case(((5,),), {"axis": 0}),
    Case(((0, 3),), {"axis": 1}),
)
MATMUL = (
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
LINEAR = (
    Case(((4, 3), (2, 3), (2,))),
    Case(((4, 3), (2, 3))),
    Case(((3,), (2, 3), (2,))),
    Case(((2, 5, 3), (1, 3), (1,))),
    Case(((0, 3), (2, 3), (2,))),
)
INDEX = (
    Case(((4, 3),), {"index": 1}),
    Case(((4, 3),), {"index": (slice(None, None, 2), None, -1)}),
    Case(((4, 3),), {"index": np.array([0, 2, 0])}),
    Case(((4, 3),), {"index": (np.array([[0], [3]]), np.array([1, 1]))}),
    Case(((2, 3),), {"index": np.array([[True, False, True], [False, False, True]])}),
    Case(((4, 3),), {"index": (Ellipsis, slice(0, 0))}),
)
PUT_ADD = (
    Case(((3,),), {"index": 1, "shape": (4, 3)}),
    Case(((3, 3),), {"index": np.array([0, 2, 0]), "shape": (4, 3)}),
    Case(((2, 2, 3, 1),), {"index": np.array([[0, -1], [-1, 2]]), "shape": (4, 3, 1)}),
    Case(((2, 1),), {"index": (slice(None, None, 2), slice(1, 2)), "shape": (4, 3)}),
)
CROSS_ENTROPY = (
    Case(((4, 3), (4, 3)), {"axis": 1}),
    Case(((2, 3, 4), (2, 3, 4)), {"axis": 1}),
    Case(((3,), (3,)), {"axis": 0}),
    Case(((0, 3), (0, 3)), {"axis": 1}),
    Case(((1, 1), (1, 1)), {"axis": 1}),
)
CLASS_CROSS_ENTROPY = (
    Case(((4, 3),), {"target": np.array([0, 2, 1, 2]), "reduction": "mean"}),
    Case(((4, 3),), {"target": np.array([1, 1, 0, 2]), "reduction": "none"}),
    Case(((0, 3),), {"target": np.zeros(0, int), "reduction": "sum"}),
    Case(((1, 1),), {"target": np.array([0]), "reduction": "sum"}),
)
PAIR_LOSS = (
    Case(((2, 3), (2, 3)), {"reduction": "mean"}),
    Case(((2, 3), (2, 3)), {"reduction": "none"}),
    Case(((1, 1), (1, 1)), {"reduction": "sum"}),
    Case(((0, 3), (0, 3)), {"reduction": "sum"}),
    Case(((), ()), {"reduction": "mean"}),
)
MIXED = conv.Geometry(stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=2)
CONV = (
    Case(((2, 3, 5, 4), (4, 3, 3, 2)), {"geometry": conv.Geometry()}),
    Case(((2, 4, 5, 6), (6, 2, 3, 2)), {"geometry": MIXED}),
    Case(((1, 2, 1, 1), (2, 1, 1, 1)), {"geometry": conv.Geometry(groups=2)}),
    Case(((0, 1, 3, 3), (1, 1, 2, 2)), {"geometry": conv.Geometry()}),
)
CONV_TRANSPOSE = (
    Case(((2, 4, 3, 3), (4, 3, 3, 2)), {"size": (5, 4), "geometry": conv.Geometry()}),
    Case(((2, 6, 3, 4), (6, 2, 3, 2)), {"size": (5, 6), "geometry": MIXED}),
    Case(((2, 6, 3, 4), (6, 2, 3, 2)), {"size": (6, 6), "geometry": MIXED}),
)
CONV_KERNEL = (
    Case(((2, 3, 5, 4), (2, 4, 3, 3)), {"kernel": (3, 2), "geometry": conv.Geometry()}),
    Case(((2, 4, 5, 6), (2, 6, 3, 4)), {"kernel": (3, 2), "geometry": MIXED}),
)
POOL = (
    {"kernel": (2, 2), "geometry": conv.Geometry(stride=(2, 2))},
    {"kernel": (3, 2), "geometry": conv.Geometry((1, 2), (1, 1), (1, 2))},
)
EMPTY_POOL = Case(((0, 2, 4, 4),), POOL[0])
WINNER = np.random.default_rng(0).integers(0, 4, (2, 3, 2, 2))


def pooled(shapes: tuple[Shape, Shape], *, sized: bool, **options: Any) -> tuple[Case, ...]:
    """Give the cases of a pooling primitive: the two geometries on images of 5 by 4."""
    size = {"size": (5, 4)} if sized else {}
    return tuple(Case((s,), {**size, **o, **options}) for s, o in zip(shapes, POOL, strict=False))


RMS_NORM = (
    Case(((4, 3), (3,)), {"axis": (1,), "eps": 1e-5}),
    Case(((2, 3, 4), (3, 4)), {"axis": (1, 2), "eps": 0.1}),
    Case(((4, 3),), {"axis": (1,), "eps": 1e-5}),
    Case(((0, 3), (3,)), {"axis": (1,), "eps": 1e-5}),
    Case(((2, 1), (1,)), {"axis": (1,), "eps": 1e-5}),
)
NORM = (
    *RMS_NORM,
    Case(((4, 3), (3,), (3,)), {"axis": (1,), "eps": 1e-5}),
    Case(((4, 3), (3,), (3,)), {"axis": (0,), "eps": 1e-5}),
    Case(((3, 2, 2, 3), (2, 1, 1), (2, 1, 1)), {"axis": (0, 2, 3), "eps": 1e-5}),
    Case(((2, 2, 3, 2), (2, 3, 1), (2, 3, 1)), {"axis": (2, 3), "eps": 1e-5}),
)
CONDITION = np.array([[True, False, True], [False, True, False]])


def _sequences(gates: int, states: int, **options: Any) -> tuple[Case, ...]:
    """Set up a recurrent primitive: biases or none, both directions, lengths, size one."""

    def case(t: int, n: int, i: int, h: int, bias: int, lengths: Any, reverse: bool) -> Case:
        weights = ((gates * h, i), (gates * h, h), *((gates * h,),) * bias)
        shapes = ((t, n, i), *((n, h),) * states, *weights)
        return Case(shapes, {"lengths": lengths, "reverse": reverse, **options})

    return (
        case(4, 3, 2, 3, 2, None, False),
        case(3, 2, 3, 2, 0, None, True),
        case(4, 3, 2, 2, 2, np.array([4, 1, 3]), False),
        case(4, 3, 2, 2, 2, np.array([2, 4, 0]), True),
        case(1, 1, 1, 1, 2, None, False),
        case(2, 0, 2, 3, 2, None, False),
    )


RECURRENT = {
    "rnn": (*_sequences(1, 1, nonlinearity="tanh"), *_sequences(1, 1, nonlinearity="relu")),
    "lstm": _sequences(4, 2),
    "gru": _sequences(3, 1),
}
_FREE = {"scale": 0.7, "mask": None, "kept": None}
_CAUSAL = np.where(np.tri(4, 4, dtype=bool), 0.0, -np.inf)
_KEPT = np.random.default_rng(0).integers(0, 2, (2, 3, 4)) * 2.0
ATTENTION = (
    Case(((2, 3, 2), (2, 4, 2), (2, 4, 5)), _FREE),
    Case(((3, 2), (4, 2), (4, 1), (2, 1, 4)), _FREE | {"mask": _CAUSAL[1:]}),
    Case(((2, 4, 2), (4, 2), (2, 4, 3), (4, 4)), _FREE | {"mask": _CAUSAL}),
    Case(((2, 3, 2), (2, 4, 2), (2, 4, 5)), _FREE | {"kept": _KEPT}),
    Case(((4, 2), (4, 2), (4, 2)), _FREE | {"mask": np.where(np.eye(4)[:, :1], -np.inf, 0.0)}),
    Case(((1, 1), (1, 1), (1, 1)), _FREE),
    Case(((0, 3, 2), (0, 4, 2), (0, 4, 5)), _FREE),
)

CASES: dict[str, tuple[Case, ...]] = {
    "neg": UNARY,
    "add": BINARY,
    "sub": BINARY,
    "mul": BINARY,
    "div": BINARY,
    "pow": BINARY,
    "exp": UNARY,
    "log": UNARY,
    "sqrt": UNARY,
    "sin": UNARY,
    "cos": UNARY,
    "abs": UNARY,
    "clamp": (
        Case(((3, 4),), {"min": -0.5, "max": 1.0}),
        Case(((3, 4),), {"min": None, "max": 1.0}),
        Case(((),), {"min": -0.5, "max": None}),
        Case(((0, 2),), {"min": -0.5, "max": 1.0}),
    ),
    "maximum": BINARY,
    "minimum": BINARY,
    "where": (
        Case(((2, 3), (2, 3)), {"condition": CONDITION}),
        Case(((2, 3), ()), {"condition": CONDITION}),
        Case(((3,), (2, 1)), {"condition": CONDITION}),
    ),
    "cast": (Case(((2, 3),), {"dtype": np.dtype(np.float64)}),),
    "relu": UNARY,
    "sigmoid": UNARY,
    "tanh": UNARY,
    "leaky_relu": with_options(negative_slope=0.1),
    "elu": with_options(alpha=1.5),
    "silu": UNARY,
    "gelu": (*with_options(tanh=False), *with_options(tanh=True)),
    "softplus": (*with_options(beta=2.0, threshold=20.0), *with_options(beta=2.0, threshold=1.0)),
    "erf": UNARY,
    "softmax": AXIS,
    "log_softmax": AXIS,
    "sum": (*REDUCE, Case(((0, 3),), {"axis": 0})),
    "mean": REDUCE,
    "amax": REDUCE,
    "amin": REDUCE,
    "logsumexp": REDUCE,
    "reshape": (
        Case(((2, 6),), {"shape": (3, -1)}),
        Case(((),), {"shape": (1, 1)}),
        Case(((0, 2),), {"shape": (2, 0)}),
    ),
    "transpose": (
        Case(((2, 3),), {"axes": None}),
        Case(((2, 3, 4),), {"axes": (1, 2, 0)}),
        Case(((2, 3, 4),), {"axes": (-1, 0, 1)}),
        Case(((0, 1),), {"axes": (1, 0)}),
    ),
    "broadcast_to": (
        Case(((3, 1),), {"shape": (2, 3, 4)}),
        Case(((),), {"shape": (2,)}),
        Case(((1, 2),), {"shape": (0, 2)}),
    ),
    "concatenate": (
        Case(((2, 3), (1, 3)), {"axis": 0}),
        Case(((2, 1), (2, 3), (2, 0)), {"axis": -1}),
        Case(((2,),), {"axis": 0}),
    ),
    "matmul": MATMUL,
    "linear": LINEAR,
    "conv2d": CONV,
    "conv_transpose2d": CONV_TRANSPOSE,
    "conv_kernel2d": CONV_KERNEL,
    "max_pool2d": (*pooled(((2, 3, 5, 4), (2, 3, 5, 4)), sized=False), EMPTY_POOL),
    "pick_winner": pooled(((2, 3, 5, 4), (2, 3, 5, 4)), sized=True, winner=WINNER)[:1],
    "put_winner": pooled(((2, 3, 2, 2), (2, 3, 2, 2)), sized=True, winner=WINNER)[:1],
    "patch_sum": pooled(((2, 3, 5, 4), (2, 3, 5, 4)), sized=True),
    "patch_spread": pooled(((2, 3, 2, 2), (2, 3, 5, 2)), sized=True),
    "standardize": NORM,
    "rms_norm": RMS_NORM,
    "attention": ATTENTION,
    "rnn": RECURRENT["rnn"],
    "lstm": RECURRENT["lstm"],
    "gru": RECURRENT["gru"],
    "getitem": INDEX,
    "put_add": PUT_ADD,
    "cross_entropy": CROSS_ENTROPY,
    "class_cross_entropy": CLASS_CROSS_ENTROPY,
    "squared_error": PAIR_LOSS,
    "binary_cross_entropy_with_logits": PAIR_LOSS,
}


def draw_operands(row: Row, rng: np.random.Generator, case: Case) -> list[np.ndarray]:
    """Draw float64 operands for a case, each inside its domain."""
    last = len(row.domains) - 1
    return [_sample(row.domains[min(i, last)], rng, s) for i, s in enumerate(case.shapes)]


def _sample(domain: Domain, rng: np.random.Generator, shape: Shape) -> np.ndarray:
    x = rng.uniform(domain.low, domain.high, shape)
    for kink in domain.kinks:
        near = np.abs(x - kink) < domain.margin
        x = np.where(near, kink + np.where(x < kink, -domain.margin, domain.margin), x)
    return x
