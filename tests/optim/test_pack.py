"""Small parameters step together; nobody may notice, except by the clock."""

import copy
import pickle

import numpy as np
import pytest

import dlcore as dl
from dlcore.optim import SGD, AdaBound, Adagrad, Adam, AdamW, Lion, Optimizer, RMSprop
from dlcore.optim.pack import FULL, SMALL, packs

KINDS = [
    (SGD, {"momentum": 0.9, "nesterov": True}),
    (Adam, {"amsgrad": True, "weight_decay": 0.1}),
    (AdamW, {}),
    (Adagrad, {}),
    (RMSprop, {"momentum": 0.9, "centered": True}),
    (AdaBound, {}),
    (Lion, {"weight_decay": 0.1}),
]
SHAPES = [(3, 4), (4,), (), (2, 1, 2)]


def parameters(dtypes=("float32",) * 4):
    rng = np.random.default_rng(0)
    return [
        dl.Tensor(rng.standard_normal(shape).astype(dtype), requires_grad=True)
        for shape, dtype in zip(SHAPES, dtypes, strict=True)
    ]


def give_gradients(params, rng):
    for p in params:
        p.grad = dl.Tensor(np.asarray(rng.standard_normal(p.shape)).astype(p.dtype))


def assert_same(ours, theirs):
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(a.data, b.data)


def assert_same_state(ours, theirs):
    a, b = ours.state_dict()["state"], theirs.state_dict()["state"]
    assert a.keys() == b.keys()
    for number, state in a.items():
        assert state.keys() == b[number].keys()
        for name, value in state.items():
            np.testing.assert_array_equal(value, b[number][name])
            assert np.shape(value) == np.shape(b[number][name])


def alone(kind):
    """The same optimiser, one parameter at a time."""
    return type("Alone", (kind,), {"elementwise": False})


def pair(kind, options, **given):
    ours, theirs = parameters(**given), parameters(**given)
    return ours, theirs, kind(ours, lr=0.1, **options), alone(kind)(theirs, lr=0.1, **options)


def step(ours, theirs, *optimizers, seed):
    give_gradients(ours, np.random.default_rng(seed))
    give_gradients(theirs, np.random.default_rng(seed))
    for optimizer in optimizers:
        optimizer.step()


@pytest.mark.parametrize(("kind", "options"), KINDS)
@pytest.mark.parametrize("dtypes", [("float32",) * 4, ("float32", "float64") * 2])
def test_together_is_as_alone_to_the_last_bit(kind, options, dtypes):
    ours, theirs, together, single = pair(kind, options, dtypes=dtypes)
    for seed in range(4):
        step(ours, theirs, together, single, seed=seed)
    assert_same(ours, theirs)
    assert_same_state(together, single)


@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_a_gradient_that_comes_and_goes(kind, options):
    ours, theirs, together, single = pair(kind, options)
    for seed in range(6):
        give_gradients(ours, np.random.default_rng(seed))
        give_gradients(theirs, np.random.default_rng(seed))
        ours[seed % 3].grad = theirs[seed % 3].grad = None
        together.step()
        single.step()
    assert_same(ours, theirs)
    assert_same_state(together, single)


def replace_data(params, optimizer):
    params[1].data = np.ones_like(params[1].data)


def change_data(params, optimizer):
    params[0].data[...] = 2.0


def transpose_memory(params, optimizer):
    params[0].data = np.asfortranarray(params[0].data)


def change_state(params, optimizer):
    optimizer.state[params[0]]["exp_avg"][...] = 0.5


def replace_state(params, optimizer):
    optimizer.state[params[0]]["exp_avg"] = np.full_like(params[0].data, 0.5)


def set_back_the_step(params, optimizer):
    optimizer.state[params[2]]["step"] = 0.0


def forget_one(params, optimizer):
    del optimizer.state[params[1]]


def forget_all(params, optimizer):
    optimizer.state.clear()


def load(params, optimizer):
    optimizer.load_state_dict(copy.deepcopy(optimizer.state_dict()))


def add_a_group(params, optimizer):
    optimizer.add_param_group({"params": [dl.Tensor(np.ones(2, "f"), requires_grad=True)]})


@pytest.mark.parametrize(
    "meddle",
    [
        replace_data,
        change_data,
        transpose_memory,
        change_state,
        replace_state,
        set_back_the_step,
        forget_one,
        forget_all,
        load,
        add_a_group,
    ],
)
def test_what_is_changed_between_steps_counts(meddle):
    ours, theirs, together, single = pair(Adam, {})
    for seed in range(2):
        step(ours, theirs, together, single, seed=seed)
    meddle(ours, together)
    meddle(theirs, single)
    for seed in range(2, 4):
        step(ours, theirs, together, single, seed=seed)
    assert_same(ours, theirs)
    assert_same_state(together, single)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))])
def test_a_copy_goes_on_by_itself(again):
    ours, theirs, together, single = pair(Adam, {})
    step(ours, theirs, together, single, seed=0)
    twin = again(together)
    copies = twin.param_groups[0]["params"]
    step(copies, theirs, twin, single, seed=1)
    assert_same(copies, theirs)
    assert_same_state(twin, single)


def test_values_stay_in_their_own_memory():
    params = parameters()
    before = [p.data for p in params]
    optimizer = Adam(params)
    give_gradients(params, np.random.default_rng(0))
    optimizer.step()
    assert all(p.data is data for p, data in zip(params, before, strict=True))


def test_packs_have_an_end_and_one_dtype():
    params = [dl.Tensor(np.zeros(SMALL, "f")) for _ in range(FULL // SMALL + 1)]
    params.append(dl.Tensor(np.zeros(1)))
    assert [len(pack.params) for pack in packs(params, {})] == [FULL // SMALL, 1, 1]


def test_an_optimiser_of_your_own_sees_one_parameter_at_a_time():
    shapes = []

    class Own(Optimizer):
        def _update(self, data, grad, state, group):
            shapes.append(data.shape)

    params = parameters()
    give_gradients(params, np.random.default_rng(0))
    Own(params, {}).step()
    assert shapes == SHAPES
