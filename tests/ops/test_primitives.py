"""Every primitive of the registry, proven in the same ways."""

from typing import Any

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

import dlcore as dl
from dlcore.forward import jvp
from dlcore.methods import PRIMITIVES
from dlcore.ops.registry import REGISTRY, Row, missing_rows
from tests.ops.cases import CASES, Case, draw_operands
from tests.ops.references import REFERENCES

PAIRS = [
    pytest.param(row, case, id=f"{row.name}-{i}")
    for row in REGISTRY.values()
    for i, case in enumerate(CASES[row.name])
]
ROWS = [pytest.param(row, id=row.name) for row in REGISTRY.values()]
FREE = [p for p in ROWS if p.values[0].family != "own"]


def _call(row: Row, options: Any) -> Any:
    return lambda *operands: row.function.apply(*operands, **options)


def _leaves(arrays: list[np.ndarray]) -> list[dl.Tensor]:
    return [dl.Tensor(a, requires_grad=True) for a in arrays]


def _torch_leaves(arrays: list[np.ndarray]) -> list[torch.Tensor]:
    return [torch.tensor(a, requires_grad=True) for a in arrays]


def test_every_primitive_has_a_row_a_reference_and_a_docstring() -> None:
    assert missing_rows() == []
    assert set(REFERENCES) == set(CASES) == set(REGISTRY) == set(PRIMITIVES)
    for row in REGISTRY.values():
        assert row.summary.endswith((".", ":", ",")) or len(row.summary) > 20, row.name
        assert CASES[row.name], row.name


def test_every_free_row_is_checked_on_empty_and_size_one_axes() -> None:
    for row in REGISTRY.values():
        sizes = {n for case in CASES[row.name] for shape in case.shapes for n in shape}
        if row.family == "elementwise":
            assert {0, 1} <= sizes, row.name


@pytest.mark.parametrize(("row", "case"), PAIRS)
def test_gradient_agrees_with_finite_differences(row: Row, case: Case) -> None:
    operands = _leaves(draw_operands(row, np.random.default_rng(1), case))
    assert dl.gradcheck(_call(row, case.options), operands, rtol=1e-6)


@pytest.mark.parametrize(("row", "case"), PAIRS)
def test_second_derivatives_agree_or_are_refused_by_name(row: Row, case: Case) -> None:
    operands = _leaves(draw_operands(row, np.random.default_rng(2), case))
    if row.twice:
        assert dl.gradgradcheck(_call(row, case.options), operands, rtol=1e-6)
    else:
        out = row.function.apply(*operands, **case.options).sum()
        with pytest.raises(NotImplementedError, match=f"^{row.name} cannot"):
            dl.grad(out, operands, create_graph=True)


@pytest.mark.parametrize(("row", "case"), PAIRS)
def test_tangents_are_the_transpose_of_gradients(row: Row, case: Case) -> None:
    rng = np.random.default_rng(3)
    arrays = draw_operands(row, rng, case)
    tangents = [rng.normal(size=a.shape) for a in arrays]
    f = _call(row, case.options)
    leaves = _leaves(arrays)
    out = f(*leaves)
    u = rng.normal(size=out.shape)
    grads = dl.grad(out, leaves, dl.Tensor(u), allow_unused=True)
    value, tangent = jvp(f, tuple(map(dl.Tensor, arrays)), tuple(map(dl.Tensor, tangents)))
    assert tangent.shape == value.shape == out.shape
    np.testing.assert_array_equal(value.data, out.data)
    forward_side = np.sum(u * tangent.data)
    backward_side = sum(np.sum(g.data * t) for g, t in zip(grads, tangents, strict=True))
    np.testing.assert_allclose(forward_side, backward_side, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("row", "case"), PAIRS)
def test_forward_mode_can_be_differentiated_again(row: Row, case: Case) -> None:
    """Reverse over forward: the tangent, as a function of the operands, has right gradients."""
    rng = np.random.default_rng(4)
    arrays = draw_operands(row, rng, case)
    tangents = tuple(dl.Tensor(rng.normal(size=a.shape)) for a in arrays)
    f = _call(row, case.options)

    def slope(*xs: dl.Tensor) -> dl.Tensor:
        anchor = sum((x * 0).sum() for x in xs)  # keeps constant slopes on the tape
        return jvp(f, xs, tangents)[1] + anchor

    if row.twice:
        assert dl.gradcheck(slope, _leaves(arrays), rtol=1e-6)
    else:
        with pytest.raises(NotImplementedError, match=f"^{row.name} cannot"):
            slope(*_leaves(arrays))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("row", "case"), PAIRS)
def test_values_and_gradients_equal_torch(row: Row, case: Case, dtype: Any) -> None:
    arrays = [a.astype(dtype) for a in draw_operands(row, np.random.default_rng(5), case)]
    _compare_with_torch(row, arrays, dict(case.options), dtype)


def _compare_with_torch(row: Row, arrays: list[np.ndarray], options: dict, dtype: Any) -> None:
    tolerance = {"rtol": 1e-5, "atol": 1e-5} if dtype == np.float32 else {"rtol": 1e-10}
    tolerance.setdefault("atol", 1e-12)
    ours, theirs = _leaves(arrays), _torch_leaves(arrays)
    out, expected = row.function.apply(*ours, **options), REFERENCES[row.name](*theirs, **options)
    if row.name != "cast":
        assert out.dtype == dtype
    np.testing.assert_allclose(out.data, expected.detach().numpy(), strict=True, **tolerance)
    u = np.random.default_rng(6).normal(size=out.shape).astype(out.dtype)
    grads = dl.grad(out, ours, dl.Tensor(u))
    expected_grads = torch.autograd.grad(expected, theirs, torch.tensor(u))
    for got, want, array in zip(grads, expected_grads, arrays, strict=True):
        assert got.shape == array.shape
        assert got.dtype == array.dtype
        np.testing.assert_allclose(got.data, want.numpy(), **tolerance)


@st.composite
def _free_operands(draw: Any, row: Row) -> tuple[list[np.ndarray], dict[str, Any]]:
    """Operands of any shapes and strides that the row's family allows."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    options: dict[str, Any] = {}
    if row.family == "elementwise":
        count = row.function.arity
        shapes = draw(
            hnp.mutually_broadcastable_shapes(num_shapes=count, max_dims=4, max_side=4, min_side=0)
        ).input_shapes
    else:
        least = 1 if row.family == "axis" or row.name not in ("sum",) else 0
        shapes = [draw(hnp.array_shapes(min_dims=1, max_dims=4, min_side=least, max_side=4))]
        ndim = len(shapes[0])
        if row.family == "axis":
            options["axis"] = draw(st.integers(-ndim, ndim - 1))
        else:
            axes = st.sets(st.integers(0, ndim - 1), min_size=1).map(tuple)
            options["axis"] = draw(st.none() | st.integers(-ndim, ndim - 1) | axes)
            options["keepdims"] = draw(st.booleans())
    arrays = draw_operands(row, rng, Case(tuple(shapes), options))
    return [_with_strides(draw(st.integers(0, 2)), a) for a in arrays], options


def _with_strides(kind: int, array: np.ndarray) -> np.ndarray:
    """Give the same numbers as a contiguous array, a transposed one, or every other element."""
    if kind == 1:
        return np.asfortranarray(array)
    if kind == 2 and array.ndim:
        wide = np.repeat(array, 2, axis=-1)
        return wide[..., ::2]
    return array


@pytest.mark.parametrize("row", FREE)
@given(data=st.data())
@settings(max_examples=25)
def test_any_shape_and_stride_equals_torch(row: Row, data: Any) -> None:
    arrays, options = data.draw(_free_operands(row))
    dtype = data.draw(st.sampled_from([np.float32, np.float64]))
    if options.get("axis") is None and row.family == "reduce" and 0 in arrays[0].shape:
        return
    _compare_with_torch(row, [a.astype(dtype, order="K") for a in arrays], options, dtype)


@given(data=st.data())
@settings(max_examples=60)
def test_matmul_of_any_shapes_equals_torch(data: Any) -> None:
    n, k, m = (data.draw(st.integers(1, 3)) for _ in range(3))
    batch = data.draw(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=2, max_side=3))
    left = data.draw(st.sampled_from([(k,), (*batch.input_shapes[0], n, k)]))
    right = data.draw(st.sampled_from([(k,), (*batch.input_shapes[1], k, m)]))
    row = REGISTRY["matmul"]
    arrays = draw_operands(row, np.random.default_rng(7), Case((left, right)))
    _compare_with_torch(row, arrays, {}, np.float64)


def test_ties_share_the_gradient() -> None:
    x = dl.tensor([1.0, 1.0, 0.0], requires_grad=True)
    y = dl.tensor([1.0, 0.0, 0.0], requires_grad=True)
    for f in (dl.maximum, dl.minimum):
        gx, gy = dl.grad(f(x, y).sum(), (x, y))
        np.testing.assert_array_equal((gx + gy).data, np.ones(3))
        assert gx.data[0] == gx.data[2] == 0.5
    (gx,) = dl.grad(x.amax(), x)
    np.testing.assert_array_equal(gx.data, [0.5, 0.5, 0.0])


def test_repeated_indices_receive_every_gradient() -> None:
    x = dl.tensor([1.0, 2.0, 3.0], requires_grad=True)
    (g,) = dl.grad(x[np.array([0, 0, 2, 0])].sum(), x)
    np.testing.assert_array_equal(g.data, [3.0, 0.0, 1.0])


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (lambda x: x @ x, "matmul: expected the last axis of x"),
        (lambda x: x.reshape(4), "reshape: expected a shape of 6 elements"),
        (lambda x: x.permute(0, 0), "transpose: expected each of 2 axes once"),
        (lambda x: x.expand(5, 3), "does not stretch"),
        (lambda x: x.clamp(), "clamp: expected min, max or both"),
        (lambda x: x[:0].mean(), "mean: expected at least one element"),
        (lambda x: x[:0].amax(), "amax: no element to choose from"),
        (lambda x: x[5], "getitem: shape"),
        (lambda x: dl.cat([]), "concatenate: expected at least one operand"),
    ],
)
def test_wrong_operands_get_a_clear_error(expression: Any, message: str) -> None:
    with pytest.raises((ValueError, IndexError), match=message):
        expression(dl.ones(2, 3))


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "sigmoid", "tanh", "logsumexp"])
def test_large_scores_do_not_overflow(name: str) -> None:
    x = dl.tensor([[-1e4, 0.0, 1e4]], requires_grad=True)
    axis = {"dim": 1} if "soft" in name or "sum" in name else {}
    out = getattr(x, name)(**axis)
    (g,) = dl.grad(out.sum(), x)
    assert np.isfinite(out.data).all()
    assert np.isfinite(g.data).all()
