"""What optimisers accept, refuse and forget."""

import numpy as np
import pytest

import dlcore as dl
from dlcore import nn
from dlcore.optim import SGD, AdaBound, Adagrad, Adam, AdamW, Lion, Optimizer, RMSprop


def parameter(*values):
    return dl.tensor(list(values), requires_grad=True)


def test_no_parameters():
    with pytest.raises(ValueError, match="at least one parameter"):
        SGD([])


def test_one_tensor_is_no_iterable():
    with pytest.raises(TypeError, match=r"write \[params\]"):
        SGD(parameter(1.0))


def test_a_model_is_no_iterable_either():
    model = nn.Linear(1, 1)
    with pytest.raises(TypeError, match=r"got one Linear; write params\.parameters\(\)"):
        SGD(model)
    with pytest.raises(TypeError, match=r"got one method; write params\(\)"):
        SGD(model.parameters)


@pytest.mark.parametrize("given", [np.ones(3), 1.0, "w"])
def test_not_a_tensor(given):
    with pytest.raises(TypeError, match=r"params\[0\]: expected a Tensor"):
        SGD([given])


def test_not_a_leaf():
    with pytest.raises(ValueError, match="expected a leaf"):
        SGD([parameter(1.0) * 2])


def test_integers_cannot_be_learnt():
    with pytest.raises(ValueError, match="floating-point"):
        SGD([dl.tensor([1, 2])])


def test_duplicate_in_one_group_and_across_groups():
    w = parameter(1.0)
    with pytest.raises(ValueError, match=r"params\[1\]: this parameter comes twice"):
        SGD([w, w])
    with pytest.raises(ValueError, match="comes twice"):
        SGD([{"params": w}, {"params": [w]}])


@pytest.mark.parametrize(
    ("kind", "options", "match"),
    [
        (SGD, {"lr": -0.1}, "lr: expected a number at least 0, got -0.1"),
        (SGD, {"lr": float("nan")}, "lr: "),
        (SGD, {"lr": "0.1"}, "lr: expected a number at least 0, got '0.1'"),
        (SGD, {"lr": None}, "lr: expected a number at least 0, got None"),
        (SGD, {"momentum": -1}, "momentum: "),
        (SGD, {"weight_decay": -1}, "weight_decay: "),
        (SGD, {"nesterov": True}, "nesterov: needs momentum"),
        (SGD, {"nesterov": True, "momentum": 0.9, "dampening": 0.1}, "nesterov: needs momentum"),
        (Adam, {"betas": (1.0, 0.9)}, r"betas\[0\]: expected a number in \[0, 1\)"),
        (Adam, {"betas": (0.9, -0.1)}, r"betas\[1\]"),
        (Adam, {"eps": -1e-8}, "eps: "),
        (AdamW, {"weight_decay": -1}, "weight_decay: "),
        (Adagrad, {"lr_decay": -1}, "lr_decay: "),
        (Adagrad, {"initial_accumulator_value": -1}, "initial_accumulator_value: "),
        (RMSprop, {"alpha": -1}, "alpha: "),
        (RMSprop, {"momentum": float("nan")}, "momentum: "),
        (AdaBound, {"betas": (0.9, 1.0)}, r"betas\[1\]"),
        (AdaBound, {"final_lr": -1}, "final_lr: "),
        (AdaBound, {"gamma": 0}, r"gamma: expected a number in \(0, 1\), got 0"),
        (AdaBound, {"lr": 0}, "lr: expected a first learning rate above 0"),
        (Lion, {"betas": (-0.1, 0.9)}, r"betas\[0\]"),
    ],
)
def test_options_out_of_range(kind, options, match):
    with pytest.raises(ValueError, match=match):
        kind([parameter(1.0)], **options)


def test_unknown_option_of_a_group():
    with pytest.raises(ValueError, match="unknown option 'rate'"):
        SGD([{"params": parameter(1.0), "rate": 1}])


def test_group_without_params():
    with pytest.raises(TypeError, match="a dict with 'params'"):
        SGD([parameter(1.0)]).add_param_group({"lr": 1.0})


def test_options_of_a_group_are_checked():
    with pytest.raises(ValueError, match="lr: "):
        SGD([{"params": parameter(1.0), "lr": -1}])


def test_a_generator_of_parameters_will_do():
    assert len(SGD(w for w in [parameter(1.0)]).param_groups[0]["params"]) == 1


def test_zero_grad():
    w, v = parameter(1.0), parameter(2.0)
    optimizer = SGD([w, v])
    (w * w).sum().backward()
    optimizer.zero_grad(set_to_none=False)
    assert w.grad.tolist() == [0.0]
    assert v.grad is None
    optimizer.zero_grad()
    assert w.grad is None


@pytest.mark.parametrize("kind", [SGD, Adam, AdamW, RMSprop, AdaBound, Lion])
def test_parameters_without_gradient_stay(kind):
    w, v = parameter(1.0), parameter(2.0)
    optimizer = kind([w, v], lr=0.1, weight_decay=0.5)
    (w * w).sum().backward()
    optimizer.step()
    assert v.tolist() == [2.0]
    assert w.tolist() != [1.0]
    assert 1 not in optimizer.state_dict()["state"]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (SGD, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
        (SGD, {"weight_decay": 0.1}),
        (Adam, {"amsgrad": True, "weight_decay": 0.1}),
        (AdamW, {"weight_decay": 0.1}),
        (Adagrad, {"weight_decay": 0.1}),
        (Adagrad, {}),
        (RMSprop, {"weight_decay": 0.1, "centered": True, "momentum": 0.9}),
        (RMSprop, {}),
        (AdaBound, {"weight_decay": 0.1, "amsbound": True}),
        (Lion, {"weight_decay": 0.1}),
    ],
)
def test_a_step_leaves_the_gradient_as_it_is(kind, options):
    w = parameter(1.0, 2.0)
    optimizer = kind([w], lr=0.1, **options)
    w.grad = dl.tensor([1.0, -1.0])
    for _ in range(3):
        optimizer.step()
    assert w.grad.tolist() == [1.0, -1.0]


def test_gradient_of_another_shape():
    w = parameter(1.0, 2.0)
    w.grad = dl.tensor([1.0])
    with pytest.raises(ValueError, match=r"grad: expected shape \(2,\), got \(1,\)"):
        SGD([w]).step()


def test_closure_runs_before_the_step_and_records():
    w = parameter(4.0)
    optimizer = SGD([w], lr=0.25)

    def closure():
        loss = (w * w).sum()
        loss.backward()
        return loss

    with dl.no_grad():
        loss = optimizer.step(closure)
    assert loss.item() == 16.0
    assert w.tolist() == [2.0]


def test_learning_rate_can_be_changed():
    w = parameter(1.0)
    optimizer = SGD([w], lr=0.1)
    optimizer.param_groups[0]["lr"] = 1.0
    w.grad = dl.tensor([0.5])
    optimizer.step()
    assert w.tolist() == [0.5]


def stepped(kind, **options):
    w = parameter(1.0, 2.0)
    optimizer = kind([w], lr=0.1, **options)
    w.grad = dl.tensor([0.5, -0.5])
    optimizer.step()
    return optimizer


def test_loaded_state_is_a_copy():
    source, target = stepped(SGD, momentum=0.9), SGD([parameter(1.0, 2.0)], momentum=0.9)
    target.load_state_dict(source.state_dict())
    (state,) = target.state.values()
    (original,) = source.state.values()
    assert state["momentum_buffer"].tolist() == original["momentum_buffer"].tolist()
    assert not np.shares_memory(state["momentum_buffer"], original["momentum_buffer"])
    assert target.param_groups[0]["lr"] == 0.1


@pytest.mark.parametrize(
    ("spoil", "match"),
    [
        (lambda s: s["param_groups"][0].update(params=[0, 1]), r"expected groups of \[1\]"),
        (lambda s: s["param_groups"][0].update(colour="red"), r"unknown \['colour'\]"),
        (lambda s: s["param_groups"][0].pop("momentum"), r"missing \['momentum'\]"),
        (lambda s: s["param_groups"][0].update(lr=-1), "lr: "),
        (lambda s: s["state"].update({7: {}}), "no parameter of number 7"),
        (
            lambda s: s["state"][0].update(momentum_buffer="abc"),
            "momentum_buffer: expected an array",
        ),
        (
            lambda s: s.update(optimizer=s.pop("state")),
            "expected 'state' and 'param_groups'.*'optimizer'",
        ),
        (lambda s: s["state"][0].update(momentum_buffer=np.ones(3)), r"must have shape \(2,\)"),
    ],
)
def test_state_that_does_not_fit_changes_nothing(spoil, match):
    target = stepped(SGD, momentum=0.9)
    before = repr(target), repr(target.state)
    state = stepped(SGD, momentum=0.9).state_dict()
    state["param_groups"][0]["lr"] = 0.7
    spoil(state)
    with pytest.raises(ValueError, match=match):
        target.load_state_dict(state)
    assert (repr(target), repr(target.state)) == before


def test_an_empty_entry_of_torch_is_no_state():
    """torch writes ``momentum_buffer: None`` for SGD without momentum in some versions."""
    state = stepped(SGD).state_dict()
    state["state"] = {0: {"momentum_buffer": None}}
    target = SGD([parameter(1.0, 2.0)], lr=0.1)
    target.load_state_dict(state)
    assert target.state_dict()["state"] == {}


def test_state_of_another_optimiser():
    with pytest.raises(ValueError, match="not the options of Adam"):
        Adam([parameter(1.0, 2.0)]).load_state_dict(stepped(SGD).state_dict())


def test_a_note_of_a_schedule_is_kept_in_the_state():
    source = stepped(SGD)
    source.param_groups[0]["initial_lr"] = 0.5
    target = SGD([parameter(1.0, 2.0)])
    target.load_state_dict(source.state_dict())
    assert target.param_groups[0]["initial_lr"] == 0.5
    assert SGD([{"params": parameter(1.0), "initial_lr": 3}]).param_groups[0]["initial_lr"] == 3


def test_a_centred_mean_square_that_rounds_below_zero_is_no_nan():
    """With one gradient at every step the variance falls to zero, and may round below."""
    w = dl.Tensor(np.ones(100, dtype=np.float32), requires_grad=True)
    optimizer = RMSprop([w], lr=0.0, alpha=0.5, centered=True)
    w.grad = dl.Tensor(np.linspace(0.1, 1, 100, dtype=np.float32))
    for _ in range(100):
        optimizer.step()
    assert np.isfinite(w.data).all()


def test_repr_lists_groups_and_options():
    text = repr(Adam([{"params": parameter(1.0)}, {"params": parameter(2.0), "lr": 0.5}]))
    assert text.startswith("Adam (\nParameter Group 0\n")
    assert "    lr: 0.5\n" in text


def test_the_base_has_no_update():
    w = parameter(1.0)
    w.grad = dl.tensor([1.0])
    with pytest.raises(NotImplementedError, match="no _update"):
        Optimizer([w], {}).step()
