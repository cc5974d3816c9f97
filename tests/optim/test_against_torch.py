"""Ten steps beside torch from the same weights, with every mix of options; states that move."""

from inspect import signature
from itertools import product

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore import optim

SHAPES = [(3, 4), (4,), ()]
SGD_OPTIONS = [
    {"momentum": m, "dampening": d, "weight_decay": w, "nesterov": n, "maximize": x}
    for m, d, w, n, x in product([0, 0.9], [0, 0.3], [0, 0.1], [False, True], [False, True])
    if not n or (m > 0 and d == 0)
]
ADAM_OPTIONS = [
    {"weight_decay": w, "amsgrad": a, "maximize": x, "betas": b, "decoupled_weight_decay": k}
    for w, a, x, b, k in product(
        [0, 0.1], [False, True], [False, True], [(0.9, 0.999), (0.5, 0.6)], [False, True]
    )
]
ADAMW_OPTIONS = [
    {"weight_decay": w, "amsgrad": a, "maximize": x}
    for w, a, x in product([0, 0.1], [False, True], [False, True])
]
ADAGRAD_OPTIONS = [
    {"lr_decay": d, "weight_decay": w, "initial_accumulator_value": i, "maximize": x, "eps": e}
    for d, w, i, x, e in product([0, 0.1], [0, 0.1], [0, 0.5], [False, True], [1e-10, 0.1])
]
RMSPROP_OPTIONS = [
    {"alpha": a, "weight_decay": w, "momentum": m, "centered": c, "maximize": x}
    for a, w, m, c, x in product([0.99, 0.5], [0, 0.1], [0, 0.9], [False, True], [False, True])
]
CASES = [
    (name, options)
    for name, mixes in [
        ("SGD", SGD_OPTIONS),
        ("Adam", ADAM_OPTIONS),
        ("AdamW", ADAMW_OPTIONS),
        ("Adagrad", ADAGRAD_OPTIONS),
        ("RMSprop", RMSPROP_OPTIONS),
    ]
    for options in mixes
]
WITH_STATE = [
    ("SGD", {}),
    ("SGD", {"momentum": 0.9}),
    ("Adam", {}),
    ("Adam", {"amsgrad": True}),
    ("AdamW", {}),
    ("AdamW", {"amsgrad": True}),
    ("Adagrad", {"lr_decay": 0.1, "initial_accumulator_value": 0.5}),
    ("RMSprop", {}),
    ("RMSprop", {"momentum": 0.9, "centered": True}),
]
TOLERANCE = {"float32": 1e-5, "float64": 1e-10}


def pair(name, options, dtype, seed=0):
    """The same weights in both libraries, in two groups, with an optimiser each."""
    rng = np.random.default_rng(seed)
    arrays = [rng.standard_normal(shape).astype(dtype) for shape in SHAPES]
    ours = [dl.Tensor(np.array(a), requires_grad=True) for a in arrays]
    theirs = [torch.nn.Parameter(torch.from_numpy(np.array(a))) for a in arrays]
    make = [
        lambda ps, o: getattr(optim, name)([{"params": ps[:2]}, {"params": ps[2], "lr": 0.2}], **o),
        lambda ps, o: getattr(torch.optim, name)(
            [{"params": ps[:2]}, {"params": ps[2], "lr": 0.2}], **o
        ),
    ]
    return (
        ours,
        theirs,
        make[0](ours, {"lr": 0.05, **options}),
        make[1](theirs, {"lr": 0.05, **options}),
    )


def steps(ours, theirs, our_optimizer, their_optimizer, count, seed=1):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        for p, q in zip(ours, theirs, strict=True):
            g = np.asarray(rng.standard_normal(p.shape), dtype=p.dtype)
            p.grad, q.grad = dl.Tensor(g), torch.from_numpy(g.copy())
        our_optimizer.step()
        their_optimizer.step()


def assert_equal(ours, theirs):
    for p, q in zip(ours, theirs, strict=True):
        tolerance = TOLERANCE[str(p.dtype)]
        expected = q.detach().numpy()
        np.testing.assert_allclose(p.data, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("name", "options"), CASES, ids=lambda v: str(v))
def test_ten_steps(name, options, dtype):
    ours, theirs, ours_opt, theirs_opt = pair(name, options, dtype)
    before = [p.data for p in ours]
    steps(ours, theirs, ours_opt, theirs_opt, 10)
    assert_equal(ours, theirs)
    assert all(p.data is array for p, array in zip(ours, before, strict=True)), "not in place"
    assert all(p.dtype == dtype for p in ours)


@pytest.mark.parametrize(("name", "options"), WITH_STATE, ids=str)
def test_state_from_torch(name, options):
    ours, theirs, ours_opt, theirs_opt = pair(name, options, "float64")
    steps(ours, theirs, ours_opt, theirs_opt, 3)
    fresh = pair(name, options, "float64")
    for p, q in zip(fresh[0], theirs, strict=True):
        p.data[...] = q.detach().numpy()
    fresh[2].load_state_dict(theirs_opt.state_dict())
    steps(fresh[0], theirs, fresh[2], theirs_opt, 3, seed=2)
    assert_equal(fresh[0], theirs)


@pytest.mark.parametrize(("name", "options"), WITH_STATE, ids=str)
def test_state_to_torch(name, options):
    ours, theirs, ours_opt, theirs_opt = pair(name, options, "float64")
    steps(ours, theirs, ours_opt, theirs_opt, 3)
    fresh = pair(name, options, "float64")
    with torch.no_grad():
        for p, q in zip(ours, fresh[1], strict=True):
            q.copy_(torch.from_numpy(p.data))
    layout = ours_opt.state_dict()
    assert layout.keys() == theirs_opt.state_dict().keys()
    layout["state"] = {
        number: {key: torch.tensor(value) for key, value in state.items()}
        for number, state in layout["state"].items()
    }
    fresh[3].load_state_dict(layout)
    steps(ours, fresh[1], ours_opt, fresh[3], 3, seed=2)
    assert_equal(ours, fresh[1])


@pytest.mark.parametrize(("name", "options"), WITH_STATE, ids=str)
def test_state_names_and_numbers_are_those_of_torch(name, options):
    ours, theirs, ours_opt, theirs_opt = pair(name, options, "float64")
    steps(ours, theirs, ours_opt, theirs_opt, 2)
    mine, other = ours_opt.state_dict(), theirs_opt.state_dict()
    other["state"] = {n: s for n, s in other["state"].items() if set(s.values()) - {None}}
    assert mine["state"].keys() == other["state"].keys()
    for number in mine["state"]:
        assert mine["state"][number].keys() == other["state"][number].keys()
    for a, b in zip(mine["param_groups"], other["param_groups"], strict=True):
        assert a["params"] == b["params"]
        assert {k: b[k] for k in a} == a


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW", "Adagrad", "RMSprop"])
def test_defaults_and_order_of_arguments_are_those_of_torch(name):
    """Torch's switches between implementations, which we do not have, may stand in between."""
    ours = signature(getattr(optim, name)).parameters
    theirs = signature(getattr(torch.optim, name)).parameters
    by_name = {"maximize", "decoupled_weight_decay"}
    assert [p for p in theirs if p in ours.keys() - by_name] == [
        p for p in ours if p not in by_name
    ]
    assert {n: p.default for n, p in ours.items()} == {n: theirs[n].default for n in ours}


def test_adagrad_has_state_before_any_gradient_as_in_torch():
    _, _, ours_opt, theirs_opt = pair("Adagrad", {}, "float64")
    assert ours_opt.state_dict()["state"].keys() == theirs_opt.state_dict()["state"].keys()


def test_adamw_loads_the_state_of_a_torch_that_knew_no_decoupled_adam():
    _, _, ours_opt, theirs_opt = pair("AdamW", {}, "float64")
    state = theirs_opt.state_dict()
    for group in state["param_groups"]:
        del group["decoupled_weight_decay"]
    ours_opt.load_state_dict(state)
    assert all(group["decoupled_weight_decay"] for group in ours_opt.param_groups)
