"""What schedules accept, refuse, save and go on from."""

from inspect import signature

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore.optim import SGD, Adagrad
from dlcore.optim.lr_scheduler import (
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    InverseTimeLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    MultiStepLR,
    OneCycleLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)


def optimiser(lr=1.0, **options):
    options.setdefault("momentum", 0.9)
    return SGD([dl.tensor([1.0], requires_grad=True)], lr=lr, **options)


def curve(optimizer, schedule, length):
    found = []
    for _ in range(length):
        found.append(optimizer.param_groups[0]["lr"])
        schedule.step()
    return found


@pytest.mark.parametrize(
    "kind",
    [ConstantLR, CosineAnnealingLR, CosineAnnealingWarmRestarts, CyclicLR, ExponentialLR, LambdaLR,
     LinearLR, MultiStepLR, OneCycleLR, ReduceLROnPlateau, SequentialLR, StepLR],
)  # fmt: skip
def test_arguments_order_and_defaults_are_those_of_torch(kind):
    theirs = getattr(torch.optim.lr_scheduler, kind.__name__)
    ours = {n: p.default for n, p in signature(kind).parameters.items()}
    assert list(ours.items()) == [(n, p.default) for n, p in signature(theirs).parameters.items()]


@pytest.mark.parametrize(
    ("kind", "options", "match"),
    [
        (StepLR, {"step_size": 0}, "step_size: expected a whole number of at least 1, got 0"),
        (MultiStepLR, {"milestones": [2.5]}, "milestones: expected a whole number"),
        (ConstantLR, {"factor": 1.5}, r"factor: expected a number in \[0, 1\], got 1.5"),
        (LinearLR, {"start_factor": 0}, r"start_factor: expected a number in \(0, 1\], got 0"),
        (LinearLR, {"end_factor": 2}, "end_factor: "),
        (LinearLR, {"total_iters": 0}, "total_iters: "),
        (InverseTimeLR, {"gamma": -1}, "gamma: expected a number at least 0"),
        (CosineAnnealingLR, {"T_max": 0}, "T_max: "),
        (CosineAnnealingWarmRestarts, {"T_0": 1.5}, "T_0: "),
        (CosineAnnealingWarmRestarts, {"T_0": 1, "T_mult": 0}, "T_mult: "),
        (CyclicLR, {"base_lr": 0, "max_lr": 1, "mode": "square"}, "mode: expected 'triangular'"),
        (CyclicLR, {"base_lr": 0, "max_lr": 1, "scale_mode": "x"}, "scale_mode: "),
        (CyclicLR, {"base_lr": 0, "max_lr": 1, "step_size_up": 0}, "step_size_up: "),
        (CyclicLR, {"base_lr": 0, "max_lr": 1, "step_size_down": 0}, "step_size_down: "),
        (CyclicLR, {"base_lr": [0, 0], "max_lr": 1}, "base_lr: expected a number, or 1"),
        (OneCycleLR, {"max_lr": 1}, "total_steps: give it, or both"),
        (OneCycleLR, {"max_lr": 1, "epochs": 3}, "total_steps: give it, or both"),
        (OneCycleLR, {"max_lr": 1, "epochs": 3, "steps_per_epoch": 0}, "steps_per_epoch: "),
        (OneCycleLR, {"max_lr": 1, "total_steps": 9, "pct_start": 1.5}, "pct_start: "),
        (OneCycleLR, {"max_lr": 1, "total_steps": 9, "anneal_strategy": "x"}, "anneal_strategy: "),
        (ReduceLROnPlateau, {"mode": "low"}, "mode: expected 'min' or 'max', got 'low'"),
        (ReduceLROnPlateau, {"threshold_mode": "x"}, "threshold_mode: "),
        (ReduceLROnPlateau, {"factor": 1.0}, "factor: expected a number below 1"),
        (ReduceLROnPlateau, {"patience": -1}, "patience: "),
        (ReduceLROnPlateau, {"min_lr": [0, 0]}, "min_lr: expected a number, or 1"),
        (LambdaLR, {"lr_lambda": [abs, abs]}, "lr_lambda: expected 1 functions, got 2"),
        (StepLR, {"step_size": 2, "last_epoch": 3}, "group 0 has no initial_lr"),
    ],
)
def test_options_out_of_range(kind, options, match):
    with pytest.raises(ValueError, match=match):
        kind(optimiser(), **options)


@pytest.mark.parametrize("kind", [ReduceLROnPlateau, lambda o: StepLR(o, 2)])
def test_an_optimiser_is_needed(kind):
    with pytest.raises(TypeError, match="optimizer: expected an Optimizer, got float"):
        kind(0.1)


def test_a_factor_is_called():
    with pytest.raises(TypeError, match=r"a function of the step, got 0\.5"):
        LambdaLR(optimiser(), 0.5)


@pytest.mark.parametrize(
    ("kind", "options"),
    [(CyclicLR, {"base_lr": 0, "max_lr": 1}), (OneCycleLR, {"max_lr": 1, "total_steps": 9})],
)
def test_momentum_cycles_only_where_there_is_one(kind, options):
    optimizer = Adagrad([dl.tensor([1.0], requires_grad=True)])
    with pytest.raises(ValueError, match="Adagrad has neither momentum nor betas"):
        kind(optimizer, **options)
    kind(optimizer, cycle_momentum=False, **options).step()


def test_one_cycle_ends():
    optimizer = optimiser()
    schedule = OneCycleLR(optimizer, max_lr=1.0, total_steps=3)
    curve(optimizer, schedule, 3)
    with pytest.raises(ValueError, match="step 4 of 3: the cycle is over"):
        schedule.step()


def test_one_cycle_with_a_climb_of_one_step():
    """The slope has no length there; torch divides by zero."""
    optimizer = optimiser()
    got = curve(optimizer, OneCycleLR(optimizer, max_lr=1.0, total_steps=10, pct_start=0.1), 10)
    assert got[0] == 1.0
    assert got == sorted(got, reverse=True)


def test_a_rate_of_zero_for_a_while():
    """The factor cannot be undone by a division; torch divides by zero."""
    optimizer = optimiser(0.5)
    assert curve(optimizer, ConstantLR(optimizer, 0.0, 2), 4) == [0.0, 0.0, 0.5, 0.5]


def test_warm_restarts_refuse_a_place_before_the_start():
    with pytest.raises(ValueError, match="epoch: expected a number at least 0, got -1"):
        CosineAnnealingWarmRestarts(optimiser(), T_0=2).step(-1)


def test_the_base_has_no_curve():
    with pytest.raises(NotImplementedError, match="no get_lr"):
        LRScheduler(optimiser())


def test_groups_added_later_are_noticed():
    optimizer = optimiser()
    schedule = LambdaLR(optimizer, lambda t: 0.5)
    optimizer.add_param_group({"params": dl.tensor([1.0], requires_grad=True)})
    with pytest.raises(ValueError, match="expected 1 groups, as when this schedule was made"):
        schedule.step()


@pytest.mark.parametrize(
    "make",
    [
        lambda o, k=-1: StepLR(o, 4, 0.5, last_epoch=k),
        lambda o, k=-1: MultiStepLR(o, [3, 11], 0.5, last_epoch=k),
        lambda o, k=-1: ConstantLR(o, 0.5, 12, last_epoch=k),
        lambda o, k=-1: LinearLR(o, total_iters=14, last_epoch=k),
        lambda o, k=-1: ExponentialLR(o, 0.9, last_epoch=k),
        lambda o, k=-1: InverseTimeLR(o, 0.5, last_epoch=k),
        lambda o, k=-1: LambdaLR(o, lambda t: 0.9**t, last_epoch=k),
        lambda o, k=-1: CosineAnnealingLR(o, 15, 0.1, last_epoch=k),
        lambda o, k=-1: CosineAnnealingWarmRestarts(o, 2, 2, last_epoch=k),
        lambda o, k=-1: CyclicLR(o, 0.1, 1.0, 4, last_epoch=k),
        lambda o, k=-1: OneCycleLR(o, 1.0, 30, last_epoch=k),
        lambda o, k=-1: SequentialLR(o, [LinearLR(o), ExponentialLR(o, 0.9)], [4], last_epoch=k),
    ],
)
def test_last_epoch_goes_on_where_the_curve_would_be(make):
    unbroken = optimiser()
    expected = curve(unbroken, make(unbroken), 20)
    first = optimiser()
    schedule = make(first)
    curve(first, schedule, 10)
    state = first.state_dict()
    second = optimiser()
    second.load_state_dict(state)
    got = curve(second, make(second, 9), 10)
    np.testing.assert_allclose(got, expected[10:], rtol=1e-12)


class Warm:
    """A factor that can be saved."""

    def __init__(self, length):
        self.length = length

    def __call__(self, t):
        return min(1.0, (t + 1) / self.length)


def test_attributes_of_callable_objects_are_saved():
    source, target = (LambdaLR(optimiser(), Warm(n)) for n in (4, 9))
    state = source.state_dict()
    assert state["lr_lambdas"] == [{"length": 4}]
    target.load_state_dict(state)
    assert target.lr_lambdas[0].length == 4
    source, target = (CyclicLR(optimiser(), 0.1, 1, scale_fn=Warm(n)) for n in (4, 9))
    target.load_state_dict(source.state_dict())
    assert target._scale_fn_custom.length == 4


def test_a_state_is_a_copy():
    schedule = StepLR(optimiser(), 2)
    schedule.state_dict()["base_lrs"][0] = 7.0
    assert schedule.base_lrs == [1.0]


@pytest.mark.parametrize(
    ("spoil", "match"),
    [
        (lambda s: s.pop("step_size"), r"not the state of StepLR: unknown \[\], missing"),
        (lambda s: s.update(T_max=3), r"unknown \['T_max'\]"),
        (lambda s: s.update(_last_lr=[1.0, 2.0]), "expected rates of 1 groups, got 2"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(spoil, match):
    target = StepLR(optimiser(), 2)
    state = StepLR(optimiser(), 5).state_dict()
    spoil(state)
    with pytest.raises(ValueError, match=match):
        target.load_state_dict(state)
    assert target.step_size == 2


def sequence(*kinds):
    optimizer = optimiser()
    return SequentialLR(optimizer, [kind(optimizer) for kind in kinds], range(3, 2 + len(kinds)))


def test_a_state_of_another_sequence_changes_nothing():
    def falling(optimizer):
        return ExponentialLR(optimizer, 0.5)

    target = sequence(LinearLR, falling)
    for _ in range(2):
        target.step()
    before = target.state_dict()
    for other in (sequence(LinearLR, LinearLR), sequence(LinearLR)):
        with pytest.raises(ValueError, match="state_dict: "):
            target.load_state_dict(other.state_dict())
        assert target.state_dict() == before


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda o: ([], []), ValueError, "at least one schedule"),
        (lambda o: ([o], []), TypeError, r"schedulers\[0\]: expected a schedule, got SGD"),
        (lambda o: ([ReduceLROnPlateau(o)], []), ValueError, "needs a score at every step"),
        (lambda o: ([LinearLR(optimiser())], []), ValueError, "belongs to another optimiser"),
        (lambda o: ([LinearLR(o)], [3]), ValueError, "milestones: expected 0, one fewer"),
        (lambda o: ([LinearLR(o)] * 3, [3, 3]), ValueError, "milestones: expected growing steps"),
    ],
)
def test_what_a_sequence_refuses(make, error, match):
    optimizer = optimiser()
    with pytest.raises(error, match=match):
        SequentialLR(optimizer, *make(optimizer))
    with pytest.raises(TypeError, match="optimizer: expected an Optimizer"):
        SequentialLR(1.0, [], [])
