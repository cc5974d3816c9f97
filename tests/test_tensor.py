"""Tensor, the tape, and what people may do wrong with them."""

import gc
import threading
import weakref
from typing import Any

import numpy as np
import pytest
import torch

import dlcore as dl
import dlcore.functional as F


def _leaf(*values: float) -> dl.Tensor:
    return dl.tensor(np.array(values), requires_grad=True)


@pytest.mark.parametrize(
    ("data", "dtype"),
    [
        ([1.0, 2.0], np.float32),
        (1.5, np.float32),
        ([1, 2], np.int64),
        ([True], np.bool_),
        (np.array([1.0]), np.float64),
        (np.float64(1.0), np.float64),
    ],
)
def test_python_floats_become_float32_and_arrays_keep_their_dtype(data: Any, dtype: Any) -> None:
    assert dl.tensor(data).dtype == dtype


@pytest.mark.parametrize("data", ["text", [1j], [None], dl.Function])
def test_data_that_are_no_real_numbers_are_refused(data: Any) -> None:
    with pytest.raises(TypeError, match="data: expected real numbers"):
        dl.Tensor(data)


def test_python_floats_reach_float64_whole() -> None:
    assert dl.tensor([0.1], dtype="float64").item() == 0.1
    assert dl.tensor(0.1, dtype=np.float64).item() == 0.1


def test_tensor_copies_and_the_class_shares() -> None:
    array = np.zeros(2)
    copied, shared = dl.tensor(array), dl.Tensor(array)
    array[0] = 1
    assert copied.data[0] == 0
    assert shared.data[0] == 1


def test_integers_cannot_require_a_gradient() -> None:
    with pytest.raises(TypeError, match="requires_grad: expected floating-point"):
        dl.tensor([1, 2], requires_grad=True)
    with pytest.raises(TypeError, match="requires_grad_: expected floating-point"):
        dl.tensor([1, 2]).requires_grad_()


def test_different_floating_dtypes_do_not_mix() -> None:
    with pytest.raises(
        TypeError, match="mul: expected operands of one floating dtype, got float32"
    ):
        dl.ones(2) * np.ones(2)


@pytest.mark.parametrize("number", [2, 2.0, True, np.float64(2.0)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numbers_take_the_dtype_of_the_tensor_beside_them(number: Any, dtype: Any) -> None:
    x = dl.ones(2, dtype=dtype)
    for out in (x * number, number * x, number - x, x**number, number / x):
        assert out.dtype == dtype


def test_integers_beside_floats_become_floats() -> None:
    assert (dl.tensor([1, 2]) * dl.ones(2)).dtype == np.float32
    assert (dl.tensor([1, 2]) / 2).dtype == np.float32
    assert (dl.tensor([1, 2]) + 1).dtype == np.int64
    assert (dl.tensor([1, 2]) * 0.5).tolist() == [0.5, 1.0]


def test_backward_accumulates_into_leaves_alone() -> None:
    x = _leaf(1.0, 2.0)
    y = x * 3
    y.sum().backward()
    (x * x).sum().backward()
    assert x.grad is not None
    np.testing.assert_array_equal(x.grad.data, [5.0, 7.0])
    assert y.grad is None


def test_a_value_used_twice_receives_both_gradients() -> None:
    x = _leaf(3.0)
    y = x * x
    ((y + y * y) * 1.0).sum().backward()
    assert x.grad is not None
    assert x.grad.item() == 2 * 3 + 4 * 27


def test_gradients_of_two_leaves_never_share_memory() -> None:
    x, y = _leaf(1.0), _leaf(2.0)
    (x + y).sum().backward()
    assert x.grad is not None
    assert y.grad is not None
    assert not np.shares_memory(x.grad.data, y.grad.data)
    x.grad.data *= 10
    assert y.grad.item() == 1.0


def test_a_freed_graph_cannot_be_swept_again() -> None:
    x = _leaf(1.0)
    y = (x * x).sum()
    y.backward()
    with pytest.raises(RuntimeError, match=r"graph behind sum was freed.*retain_graph=True"):
        y.backward()


def test_a_retained_graph_can_be_swept_again() -> None:
    x = _leaf(2.0)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad is not None
    assert x.grad.item() == 8.0


def test_part_of_a_graph_that_was_freed_is_noticed() -> None:
    x = _leaf(2.0)
    h = x * x
    (h * 2).sum().backward()
    with pytest.raises(RuntimeError, match="mul was freed"):
        (h * 3).sum().backward()


def test_backward_frees_memory() -> None:
    x = _leaf(2.0)
    h = x.exp()
    watch = weakref.ref(h)
    y = (h * h).sum()
    del h
    gc.disable()
    try:
        assert watch() is not None
        y.backward()
        assert watch() is None, "reference counting alone must free an intermediate result"
    finally:
        gc.enable()


def test_backward_needs_a_single_number_or_a_gradient() -> None:
    x = _leaf(1.0, 2.0)
    with pytest.raises(ValueError, match=r"expected a single number to start from, got shape \(2,"):
        (x * x).backward()
    (x * x).backward([1.0, 10.0])
    assert x.grad is not None
    np.testing.assert_array_equal(x.grad.data, [2.0, 40.0])


@pytest.mark.parametrize(
    ("gradient", "error", "message"),
    [
        ([1.0], ValueError, r"gradient: expected shape \(2,\), got \(1,\)"),
        (dl.ones(2), TypeError, "gradient: expected dtype float64, got float32"),
    ],
)
def test_a_gradient_that_does_not_fit_is_refused(gradient: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        _leaf(1.0, 2.0).exp().backward(gradient)


def test_backward_without_a_record_says_why() -> None:
    with pytest.raises(RuntimeError, match="nothing was recorded"):
        dl.ones(1).sum().backward()


def test_grad_of_several_outputs_is_the_gradient_of_their_sum() -> None:
    x = _leaf(2.0)
    (got,) = dl.grad([x * x, x * 3], [x])
    assert got.item() == 7.0
    assert x.grad is None


def test_grad_reaches_intermediate_results() -> None:
    x = _leaf(2.0)
    h = x * x
    gx, gh = dl.grad(h * h, (x, h))
    assert (gx.item(), gh.item()) == (32.0, 8.0)


def test_grad_leaves_other_branches_alone() -> None:
    x, w = _leaf(2.0), _leaf(3.0)
    h = w.exp()
    y = x * h
    dl.grad(y, x)
    assert h.node is not None
    assert h.node.inputs is not None, "the branch of w was not asked for, so it is not freed"


def test_grad_refuses_what_it_cannot_answer() -> None:
    x, unused = _leaf(2.0), _leaf(1.0)
    with pytest.raises(ValueError, match=r"inputs\[1\]: the outputs do not depend on it"):
        dl.grad(x * x, (x, unused))
    with pytest.raises(ValueError, match=r"inputs\[0\]: expected a Tensor with requires_grad"):
        dl.grad(x * x, dl.ones(1))
    _, zero = dl.grad(x * x, (x, unused), allow_unused=True)
    assert zero.item() == 0.0


def test_create_graph_differentiates_again_and_again() -> None:
    x = _leaf(2.0)
    value, expected = x**5, [5 * 2**4, 20 * 2**3, 60 * 2**2, 120 * 2, 120]
    for want in expected:
        (value,) = dl.grad(value, x, create_graph=True)
        assert value.item() == pytest.approx(want)


def test_what_is_detached_stays_constant_in_higher_derivatives() -> None:
    x = _leaf(3.0)
    (slope,) = dl.grad(x.detach() * x * x, x, create_graph=True)  # 3 x² = 2 · 3 x
    (curvature,) = dl.grad(slope, x)
    assert (slope.item(), curvature.item()) == (18.0, 6.0)
    derivative = dl.forward.derivative
    twice = derivative(derivative(lambda z: z.detach() * z * z))
    assert twice(dl.tensor(3.0)).item() == 6.0


def test_operands_of_one_array_are_not_taken_for_each_other() -> None:
    array = np.array([3.0])
    x, constant = dl.Tensor(array, requires_grad=True), dl.Tensor(array)
    (once,) = dl.grad(constant * x, x)
    assert once.item() == 3.0
    with pytest.raises(NotImplementedError, match="mul cannot be differentiated twice: two operan"):
        dl.grad(constant * x, x, create_graph=True)
    (slope,) = dl.grad(constant.clone() * x, x, create_graph=True)
    assert slope.item() == 3.0


def test_backward_with_create_graph_keeps_gradients_on_the_tape() -> None:
    x = _leaf(3.0)
    (x**3).backward(create_graph=True)
    assert x.grad is not None
    (second,) = dl.grad(x.grad, x)
    assert second.item() == 18.0


def test_a_rule_that_reads_an_intermediate_refuses_a_second_derivative() -> None:
    class Twice(dl.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save(2 * x)
            return x * x

        @staticmethod
        def backward(ctx: Any, grad_out: Any) -> Any:
            return grad_out * ctx.saved[0]

        @staticmethod
        def jvp(ctx: Any, dx: Any) -> Any:
            return ctx.saved[0] * dx

    x = _leaf(2.0)
    (once,) = dl.grad(Twice.apply(x), x)
    assert once.item() == 4.0
    with pytest.raises(NotImplementedError, match="twice cannot be differentiated twice"):
        dl.grad(Twice.apply(x), x, create_graph=True)


def test_no_grad_records_nothing_and_nests() -> None:
    x = _leaf(1.0)
    with dl.no_grad():
        assert not dl.is_grad_enabled()
        assert not (x * 2).requires_grad
        with dl.enable_grad():
            assert (x * 2).requires_grad
        assert not (x * 2).requires_grad
    assert (x * 2).requires_grad


def test_no_grad_decorates_and_survives_an_error() -> None:
    @dl.no_grad()
    def evaluate(x: dl.Tensor, fail: bool) -> dl.Tensor:
        if fail:
            raise KeyError
        return x * 2

    assert not evaluate(_leaf(1.0), False).requires_grad
    with pytest.raises(KeyError):
        evaluate(_leaf(1.0), True)
    assert dl.is_grad_enabled()


def test_each_thread_has_its_own_switch() -> None:
    seen = []
    with dl.no_grad():
        thread = threading.Thread(target=lambda: seen.append(dl.is_grad_enabled()))
        thread.start()
        thread.join()
    assert seen == [True]


def test_threads_share_a_decorated_function_but_no_switch() -> None:
    inside, leave = threading.Event(), threading.Event()

    @dl.no_grad()
    def evaluate() -> None:
        inside.set()
        assert leave.wait(10)

    def other() -> None:
        evaluate()
        seen.append(dl.is_grad_enabled())

    seen: list[bool] = []
    thread = threading.Thread(target=other)
    thread.start()
    assert inside.wait(10)
    with dl.no_grad():  # while the other thread is in the function, this one comes and goes
        leave.set()
        evaluate()
        thread.join()
        assert not dl.is_grad_enabled()
    assert seen == [True]


def test_detach_shares_numbers_and_drops_history() -> None:
    x = _leaf(1.0)
    y = (x * 2).detach()
    assert y.is_leaf
    assert not y.requires_grad
    with pytest.raises(RuntimeError, match=r"use x.detach\(\)"):
        x.numpy()
    with pytest.raises(RuntimeError, match="only a leaf"):
        (x * 2).requires_grad_(False)


def test_a_deep_chain_needs_no_recursion() -> None:
    x = _leaf(1.0)
    y = x
    for _ in range(20_000):
        y = y + 0.001
    (g,) = dl.grad(y, x)
    assert g.item() == 1.0


def test_numpys_own_functions_act_on_tensors() -> None:
    x = dl.tensor([[1.0, 4.0]], requires_grad=True)
    y = np.sum(np.sqrt(x) * np.array([[1.0, 2.0]], np.float32), axis=1)
    assert isinstance(y, dl.Tensor)
    (g,) = dl.grad(y, x, dl.ones(1))
    np.testing.assert_allclose(g.data, [[0.5, 0.5]])
    assert np.shape(x) == (1, 2)
    assert isinstance(np.float32(2) * x, dl.Tensor)


@pytest.mark.parametrize(
    "call", [lambda x: np.cbrt(x), lambda x: np.median(x), lambda x: np.add.reduce(x)]
)
def test_numpy_functions_without_a_primitive_say_so(call: Any) -> None:
    with pytest.raises(TypeError, match=r"is not a primitive that dlcore can differentiate"):
        call(dl.ones(2))


def test_numpy_takes_the_numbers_of_a_tensor_without_gradient() -> None:
    x = dl.ones(2, 3)
    assert np.shares_memory(np.asarray(x), x.data)
    assert np.asarray(x, dtype=np.float64).dtype == np.float64
    with pytest.raises(RuntimeError, match=r"use x.detach\(\).numpy\(\)"):
        np.asarray(dl.ones(2, requires_grad=True))


def test_item_len_bool_and_float() -> None:
    assert float(dl.tensor(2.0)) == 2.0
    assert bool(dl.tensor([1.0]) > 0)
    assert len(dl.ones(3, 2)) == 3
    with pytest.raises(ValueError, match=r"item: expected one element, got shape \(2,\)"):
        dl.ones(2).item()
    with pytest.raises(TypeError, match="without axes"):
        len(dl.tensor(1.0))


@pytest.mark.parametrize(
    ("tensor", "text"),
    [
        (dl.tensor([1.0, 2.5]), "tensor([1. , 2.5])"),
        (dl.tensor(1, dtype="int32"), "tensor(1, dtype=int32)"),
        (dl.tensor(1.0, requires_grad=True), "tensor(1., requires_grad=True)"),
        (dl.tensor(1.0, requires_grad=True) * 2, "tensor(2., node=mul)"),
    ],
)
def test_repr_says_what_the_tape_knows(tensor: dl.Tensor, text: str) -> None:
    assert repr(tensor) == text


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x.sum(dim=1),
        lambda x: x.mean(dim=[1, 2]),
        lambda x: x.sum(np.int64(1)),
        lambda x: x[:0].flatten(1),
        lambda x: x.mean(dim=(0, 2), keepdim=True),
        lambda x: x.var(dim=1),
        lambda x: x.std(dim=-1, keepdim=True),
        lambda x: x.var(correction=0),
        lambda x: x.amax(dim=1),
        lambda x: x.logsumexp(dim=1, keepdim=True),
        lambda x: x.argmax(dim=1),
        lambda x: x.argmin(),
        lambda x: x.reshape(-1, 2),
        lambda x: x.reshape((4, 6)),
        lambda x: x.flatten(1),
        lambda x: x.flatten(),
        lambda x: x.transpose(0, -1),
        lambda x: x.permute(2, 0, 1),
        lambda x: x.mT,
        lambda x: x[:, :1].squeeze(1),
        lambda x: x[:1].squeeze(),
        lambda x: x[0].squeeze(0),
        lambda x: x.unsqueeze(-1),
        lambda x: x.unsqueeze(1).expand(-1, 5, -1, -1),
        lambda x: x[0, 0].expand(2, 4),
        lambda x: x.clamp(min=0.5),
        lambda x: x.softmax(dim=1),
        lambda x: x.log_softmax(dim=1),
        lambda x: abs(x - 0.5).pow(2),
        lambda x: 1 / x,
        lambda x: 2**x,
        lambda x: -x,
        lambda x: x == x,
        lambda x: x != 0,
        lambda x: x <= 0.5,
        lambda x: x >= 0.5,
        lambda x: x[0] @ x[1].mT,
        lambda x: x.relu() + x.sigmoid() + x.tanh() + x.exp() + x.log() + x.sqrt(),
        lambda x: x.sin() * x.cos() - x.abs() + x.clone(),
    ],
)
def test_methods_have_the_meaning_they_have_in_torch(f: Any) -> None:
    array = np.random.default_rng(0).uniform(0.1, 1.0, (2, 3, 4))
    got, want = f(dl.tensor(array)), f(torch.tensor(array))
    np.testing.assert_allclose(got.numpy(), want.numpy(), rtol=1e-12, strict=True)


def test_var_of_too_few_elements_and_flatten_backwards_are_refused() -> None:
    with pytest.raises(ValueError, match="var: expected more than 1 elements, got 1"):
        dl.ones(1).var()
    with pytest.raises(ValueError, match="flatten: start_dim 1 lies behind end_dim 0"):
        dl.ones(2, 3).flatten(1, 0)


def test_to_changes_the_dtype_and_lets_gradients_through() -> None:
    x = dl.tensor([1.0, 2.0], requires_grad=True)
    y = (x.to(np.float64) * np.array([1.0, 3.0])).sum()
    y.backward()
    assert y.dtype == np.float64
    assert x.grad is not None
    assert x.grad.dtype == np.float32
    np.testing.assert_array_equal(x.grad.data, [1.0, 3.0])


def test_seed_and_generators_make_draws_repeatable() -> None:
    dl.seed(3)
    first = dl.randn(3).tolist()
    dl.seed(3)
    assert dl.randn(3).tolist() == first
    assert dl.rand(2, rng=np.random.default_rng(1)).tolist() == pytest.approx(
        np.random.default_rng(1).random(2).tolist()
    )
    with pytest.raises(TypeError, match=r"rng: expected a numpy.random.Generator or None, got int"):
        dl.randn(3, rng=3)  # type: ignore[arg-type]


@pytest.mark.parametrize("dtype", [">f4", ">f8", ">i8", ">u2"])
def test_numbers_of_the_other_byte_order_are_turned_at_the_door(dtype: str) -> None:
    array = np.arange(6).reshape(2, 3).astype(dtype)
    for made in (
        dl.Tensor(array),
        dl.tensor(array),
        dl.ones(2).to(dtype),
        dl.tensor(array) * array,
    ):
        assert made.dtype.isnative
    np.testing.assert_array_equal(dl.Tensor(array).data, array)


def test_a_parameter_never_lies_in_memory_that_cannot_be_changed() -> None:
    locked = np.ones(3, np.float32)
    locked.flags.writeable = False
    leaf = dl.Tensor(locked, requires_grad=True)
    later = dl.Tensor(locked).requires_grad_()
    for p in (leaf, later, dl.Tensor(np.broadcast_to(np.float32(1), (3,)), requires_grad=True)):
        (p * p).sum().backward()
        dl.optim.SGD([p], lr=0.5).step()
        np.testing.assert_array_equal(p.data, np.zeros(3))
    assert np.shares_memory(dl.Tensor(locked).data, locked)
    np.testing.assert_array_equal(locked, np.ones(3))


def test_equal_numbers_have_a_standard_deviation_with_slope_zero() -> None:
    x = dl.tensor([[1.0, 1.0, 1.0], [1.0, 2.0, 3.0]], requires_grad=True)
    (g,) = dl.grad(x.std(1).sum(), x)
    np.testing.assert_allclose(g.data, [[0, 0, 0], [-0.5, 0, 0.5]])
    assert dl.zeros(0, 6).var(1).shape == dl.zeros(0, 6).std(1).shape == (0,)


def test_the_softmax_of_a_single_number_is_flat() -> None:
    x = dl.tensor(3.0, requires_grad=True)
    for f in (F.softmax, F.log_softmax):
        (slope,) = dl.grad(f(x, 0), x, create_graph=True)
        (curvature,) = dl.grad(slope, x)
        assert slope.item() == curvature.item() == 0


HALF = np.array([[300, -300, 200, 10]], np.float16)


@pytest.mark.parametrize(
    ("compute", "expected"),
    [
        (lambda x: F.layer_norm(x, 4), [[1.083, -1.542, 0.645, -0.186]]),
        (lambda x: F.group_norm(x, 1), [[1.083, -1.542, 0.645, -0.186]]),
        (
            lambda x: F.batch_norm(x.T, None, None, training=True),
            [[1.083], [-1.542], [0.645], [-0.186]],
        ),
        (lambda x: F.rms_norm(x, 4), [[1.279, -1.279, 0.853, 0.043]]),
        (lambda x: F.normalize(x), [[0.64, -0.64, 0.426, 0.021]]),
        (lambda x: x.std(1), [262.5]),
        (lambda x: F.avg_pool1d(x.abs() * 200, 4), [[40500]]),
        (lambda x: F.softmax(dl.zeros(70_000, dtype="float16"), 0)[0], 1 / 70_000),
        (lambda x: dl.ones(70_000, dtype="float16").mean(), 1),
        (lambda x: F.sigmoid(x * 0 - 12), [[6.14e-6] * 4]),
    ],
)
def test_float16_leaves_its_range_only_where_the_result_does(compute: Any, expected: Any) -> None:
    out = compute(dl.Tensor(HALF))
    assert out.dtype == np.float16
    np.testing.assert_allclose(
        out.data, expected, rtol=0.01, atol=1e-3 if np.max(expected) > 1e-3 else 0
    )


def test_a_bias_in_float16_gets_the_gradient_of_every_example() -> None:
    bias = dl.zeros(1, dtype="float16", requires_grad=True)
    (g,) = dl.grad((dl.ones(5000, 1, dtype="float16") + bias).sum(), bias)
    assert g.item() == 5000
