"""Changing Tensors in place beside torch: the same program, the same numbers, or a refusal."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore.tape import _written, wrote

IN_PLACE = ["iadd", "isub", "imul", "itruediv", "ipow"]


def _leaf(lib: Any) -> Any:
    return lib.tensor([1.0, 2.0, 3.0], requires_grad=True)


def _step(lib: Any) -> list[Any]:
    w = _leaf(lib)
    kept = w
    (w * w).sum().backward()
    with lib.no_grad():
        w -= 0.25 * w.grad
    assert kept is w
    assert w.requires_grad
    w.grad = None
    (w * w * w).sum().backward()
    return [w.detach(), w.grad]


def _step_of_data(lib: Any) -> list[Any]:
    w = _leaf(lib)
    (w * w).sum().backward()
    w.data -= 0.25 * w.grad
    w.data += -0.25 * w.grad
    return [w.detach()]


def _average(lib: Any) -> list[Any]:
    params, averages = [_leaf(lib)], [lib.zeros(3)]
    for average, p in zip(averages, params, strict=True):
        average *= 0.5
        average += 0.5 * p.detach()
    return averages


def _total(lib: Any) -> list[Any]:
    w = _leaf(lib)
    total = lib.zeros(3)
    for _ in range(2):
        total += w * w
    total.sum().backward()
    return [total.detach(), w.grad]


def _residual(lib: Any) -> list[Any]:
    w = _leaf(lib)
    h = w * 2
    h += w * w
    h *= 3
    h.sum().backward()
    return [h.detach(), w.grad]


def _view(lib: Any) -> list[Any]:
    x = lib.zeros(2, 3)
    row = x[1]
    row += 1
    x[:, 0] = 7
    x[0, 1:] += lib.tensor([4.0, 5.0])
    x[x > 6] = -1.0
    x[lib.tensor([0, 1]), lib.tensor([2, 2])] = lib.tensor([8.0, 9.0])
    return [x, row]


def _under_no_grad(lib: Any) -> list[Any]:
    w = _leaf(lib)
    with lib.no_grad():
        w[0] = 5.0
        w[1:] = w[1:] * 2
    (w * w).sum().backward()
    return [w.detach(), w.grad]


def _masks(lib: Any) -> list[Any]:
    mask = lib.tensor([True, False, True])
    other = mask
    mask &= lib.tensor([True, True, False])
    mask |= lib.tensor([False, True, False])
    return [mask, other]


@pytest.mark.parametrize(
    "program",
    [_step, _step_of_data, _average, _total, _residual, _view, _under_no_grad, _masks],
)
def test_a_program_computes_what_it_does_in_torch(program: Callable[[Any], list[Any]]) -> None:
    for ours, theirs in zip(program(dl), program(torch), strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-6)


@pytest.mark.parametrize("name", IN_PLACE)
def test_a_leaf_that_is_learnt_is_refused_where_calls_are_recorded(name: str) -> None:
    with pytest.raises(RuntimeError, match="leaf Variable that requires grad"):
        getattr(operator, name)(_leaf(torch), 2.0)
    with pytest.raises(RuntimeError, match=r"leaf that requires .*with dl\.no_grad"):
        getattr(operator, name)(_leaf(dl), 2.0)


@pytest.mark.parametrize("name", IN_PLACE)
def test_an_unrecorded_tensor_is_changed_in_place(name: str) -> None:
    ours, theirs = dl.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0])
    change = getattr(operator, name)
    assert change(ours, 3.0) is ours
    assert change(theirs, 3.0) is theirs
    assert ours.tolist() == theirs.tolist()


def test_a_recorded_tensor_is_left_as_it_was() -> None:
    first = h = _leaf(dl) * 2
    h += 1
    assert h is not first
    assert first.tolist() == [2.0, 4.0, 6.0]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda x: operator.iadd(x, dl.zeros(2, 3)), ValueError, r"x \+= y: .* no room"),
        (lambda x: operator.itruediv(x.to("int64"), 2), ValueError, "no room .* write x = x"),
        (lambda x: operator.iadd(x > 0, 1), ValueError, "int64, and x, of .* bool"),
        (lambda x: operator.iadd(x.expand(2, 3), 1), ValueError, r"only be read .* x\.clone\(\)"),
        (lambda x: operator.iadd(x, dl.zeros(3).to("float64")), TypeError, "one floating dtype"),
        (lambda x: operator.setitem(x.to("int64"), 0, 0.5), TypeError, r"int64.*to\(dtype\)"),
        (lambda x: operator.setitem(x, 0, np.ones(1)), TypeError, "float32, got float64"),
        (lambda x: operator.setitem(x, 3, 1.0), IndexError, r"x\[index\] = value: x has shape"),
        (lambda x: operator.setitem(x, 0, dl.ones(2)), ValueError, r"x has shape \(3,\): setting"),
        (lambda x: operator.setitem(x, 0, _leaf(dl)[0]), RuntimeError, "cannot be recorded; cho"),
        (lambda x: operator.setitem(_leaf(dl), 0, 1.0), RuntimeError, r"where\(condition, x, y\)"),
        (lambda x: operator.iadd(np.zeros(3), _leaf(dl)), RuntimeError, "gradient .* be lost"),
        (lambda x: np.add(x, x, out=x), TypeError, r"got a Tensor; pass x\.data"),
    ],
)
def test_what_cannot_be_written_is_refused(change: Any, error: Any, message: str) -> None:
    x = dl.ones(3)
    with pytest.raises(error, match=message):
        change(x)
    assert x.tolist() == [1.0, 1.0, 1.0]


def test_a_dual_number_is_not_written_to() -> None:
    def assign(x: Any) -> Any:
        x[0] = 1.0
        return x

    with pytest.raises(RuntimeError, match="cannot be recorded"):
        dl.forward.jvp(assign, dl.ones(2), dl.ones(2))
    out, slope = dl.forward.jvp(lambda x: operator.imul(x, x), dl.ones(2), dl.ones(2))
    assert (out.tolist(), slope.tolist()) == ([1.0, 1.0], [2.0, 2.0])


def test_a_hook_sees_the_gradient_of_a_single_number() -> None:
    w = dl.tensor(3.0, requires_grad=True)
    y = w * w
    y.register_hook(lambda grad: 10 * grad)
    y.backward()
    assert w.grad.item() == 60.0


@pytest.mark.parametrize("create_graph", [False, True])
def test_a_gradient_belongs_to_one_leaf(create_graph: bool) -> None:
    w, u = _leaf(dl), _leaf(dl)
    (w + u).sum().backward(create_graph=create_graph)
    w.grad *= 5
    assert u.grad.tolist() == [1.0, 1.0, 1.0]
    first, second = dl.grad((w + u).sum(), [w, u], create_graph=create_graph)
    first -= 1
    assert second.tolist() == [1.0, 1.0, 1.0]


def test_numbers_that_are_a_tensor_are_noticed() -> None:
    w = _leaf(dl)
    w.data = w.data - 0.5 * w.detach()  # the right-hand side is a Tensor
    with pytest.raises(TypeError, match=r"x\.data: .* a Tensor was assigned .* x\.data -= lr"):
        w * 2


def test_a_hook_cannot_change_the_gradient_that_others_get() -> None:
    w = _leaf(dl)
    left, right = w * 1, w * 1
    left.register_hook(lambda grad: operator.imul(grad, 2))
    with pytest.raises(ValueError, match="can only be read"):
        (left + right).sum().backward()


def _stale_data(w: Any, v: Any) -> None:
    v[0] = 9.0


def _stale_view(w: Any, v: Any) -> None:
    last = v[2:]
    last += 1


def _stale_leaf(w: Any, v: Any) -> None:
    with dl.no_grad() if isinstance(w, dl.Tensor) else torch.no_grad():
        w *= 2


@pytest.mark.parametrize("change", [_stale_data, _stale_view, _stale_leaf])
def test_a_sweep_over_changed_numbers_is_refused(change: Callable[[Any, Any], None]) -> None:
    for lib, message in ((torch, "modified by an inplace operation"), (dl, "mul was recorded")):
        w, v = _leaf(lib), lib.ones(3)
        y = (w * w * v).sum()
        change(w, v)
        with pytest.raises(RuntimeError, match=message):
            y.backward()


def _mask(lib: Any, w: Any, v: Any) -> Any:
    return lib.where(v > 0, w, v).sum()


@pytest.mark.parametrize(
    "f",
    [
        lambda lib, w, v: (w * v).sum(),  # the slope of w reads v alone
        lambda lib, w, v: w @ v,
        lambda lib, w, v: (w + v).sum(),
        _mask,
    ],
)
def test_numbers_that_no_gradient_reads_may_be_changed(f: Any) -> None:
    grads = []
    for lib in (dl, torch):
        w, v = _leaf(lib), lib.ones(3)
        y = f(lib, w, v)
        with lib.no_grad():
            w *= 2
        y.backward()
        grads.append(w.grad.tolist())
    assert grads[0] == grads[1]


def test_a_square_reads_its_operand() -> None:
    w = _leaf(dl)
    y = (w * w).sum()
    with dl.no_grad():
        w += 1
    with pytest.raises(RuntimeError, match="changed in place since"):
        y.backward()


def test_the_notes_of_what_was_written_stay_few() -> None:
    arrays = [np.zeros(1) for _ in range(_written.room + 10)]
    for array in arrays:
        wrote(array)
    assert len(_written.when) <= _written.room
    w = _leaf(dl)
    y = (w * w).sum()
    w.data += dl.ones(3)
    with pytest.raises(RuntimeError, match="changed in place since"):
        y.backward()
