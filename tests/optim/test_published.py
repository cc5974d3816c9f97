"""AdaBound and Lion, which torch does not have, beside their published equations in NumPy."""

from itertools import product

import numpy as np
import pytest

import dlcore as dl
from dlcore import optim

TOLERANCE = {"float32": 1e-5, "float64": 1e-10}
ADABOUND = [
    {"betas": b, "final_lr": f, "gamma": g, "weight_decay": w, "amsbound": a, "maximize": x}
    for b, f, g, w, a, x in product(
        [(0.9, 0.999), (0.5, 0.6)], [0.1, 0.01], [1e-3, 0.5], [0, 0.1], [False, True], [False, True]
    )
]
LION = [
    {"betas": b, "weight_decay": w, "maximize": x}
    for b, w, x in product([(0.9, 0.99), (0.5, 0.6)], [0, 0.1], [False, True])
]


def adabound(w, grads, lr, rates, betas, final_lr, gamma, weight_decay, amsbound, maximize):
    """Luo et al. 2019, section 4 and the authors' code; `rates` change lr after the first."""
    (b1, b2), m, v, largest = betas, 0.0, 0.0, 0.0
    for t, (g, rate) in enumerate(zip(grads, rates, strict=True), start=1):
        g = (-g if maximize else g) + weight_decay * w
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g**2
        largest = np.maximum(largest, v)
        target = final_lr * rate / lr
        lower, upper = target - target / (gamma * t + 1), target + target / (gamma * t)
        scale = np.sqrt(largest if amsbound else v) + 1e-8
        step = rate * np.sqrt(1 - b2**t) / (1 - b1**t) / scale
        w = w - np.minimum(np.maximum(step, lower), upper) * m
    return w


def lion(w, grads, rates, betas, weight_decay, maximize):
    """Chen et al. 2023, Algorithm 2."""
    (b1, b2), m = betas, 0.0
    for g, rate in zip(grads, rates, strict=True):
        g = -g if maximize else g
        c = b1 * m + (1 - b1) * g
        w = w - rate * (np.sign(c) + weight_decay * w)
        m = b2 * m + (1 - b2) * g
    return w


def run(kind, options, dtype, rates):
    rng = np.random.default_rng(0)
    w = rng.standard_normal((3, 4))
    grads = rng.standard_normal((len(rates), 3, 4))
    grads[::3, 0] = 0.0  # a sign of zero, and a second moment that starts at zero
    parameter = dl.Tensor(w.astype(dtype), requires_grad=True)
    memory = parameter.data
    optimizer = kind([parameter], lr=rates[0], **options)
    for g, rate in zip(grads, rates, strict=True):
        optimizer.param_groups[0]["lr"] = rate
        parameter.grad = dl.Tensor(g.astype(dtype))
        optimizer.step()
    assert parameter.data is memory, "not in place"
    exact = w.astype(dtype).astype(np.float64), grads.astype(dtype).astype(np.float64)
    return parameter.data, *exact


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("options", ADABOUND, ids=str)
def test_adabound(options, dtype):
    rates = [0.05] * 5 + [0.01] * 5
    got, w, grads = run(optim.AdaBound, options, dtype, rates)
    expected = adabound(w, grads, 0.05, rates, **options)
    np.testing.assert_allclose(got, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("options", LION, ids=str)
def test_lion(options, dtype):
    rates = [0.05] * 5 + [0.01] * 5
    got, w, grads = run(optim.Lion, options, dtype, rates)
    expected = lion(w, grads, rates, **options)
    np.testing.assert_allclose(got, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


def test_defaults_are_those_of_the_papers():
    w = dl.tensor([1.0], requires_grad=True)
    assert optim.AdaBound([w]).defaults == {
        "lr": 1e-3, "betas": (0.9, 0.999), "final_lr": 0.1, "gamma": 1e-3, "eps": 1e-8,
        "weight_decay": 0, "amsbound": False, "maximize": False, "base_lr": 1e-3,
    }  # fmt: skip
    assert optim.Lion([w]).defaults == {
        "lr": 1e-4, "betas": (0.9, 0.99), "weight_decay": 0.0, "maximize": False,
    }  # fmt: skip


@pytest.mark.parametrize("kind", [optim.AdaBound, optim.Lion])
def test_a_run_goes_on_from_its_state_as_if_unbroken(kind):
    rng = np.random.default_rng(3)
    grads = rng.standard_normal((6, 5))
    unbroken, broken = (dl.Tensor(np.ones(5), requires_grad=True) for _ in range(2))
    first, second = (kind([p], lr=0.05) for p in (unbroken, broken))
    for i, g in enumerate(grads):
        if i == 3:
            for optimizer in (first, second):
                optimizer.param_groups[0]["lr"] = 0.02
            state = second.state_dict()
            second = kind([broken], lr=0.02)  # not the first rate: the state has to bring it
            second.load_state_dict(state)
        unbroken.grad, broken.grad = dl.Tensor(g), dl.Tensor(g)
        first.step()
        second.step()
    assert unbroken.tolist() == broken.tolist()


def test_adabound_keeps_a_base_rate_for_each_group():
    w, v = (dl.tensor([1.0], requires_grad=True) for _ in range(2))
    optimizer = optim.AdaBound([{"params": w}, {"params": v, "lr": 0.5}], lr=0.1)
    assert [group["base_lr"] for group in optimizer.param_groups] == [0.1, 0.5]
    with pytest.raises(TypeError, match="a dict with 'params'"):
        optimizer.add_param_group([w])
