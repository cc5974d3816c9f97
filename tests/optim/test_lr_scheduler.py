"""Whole curves of schedules beside torch's; states that move in the middle; what is refused."""

import json
import math

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore import optim
from dlcore.optim import lr_scheduler as schedules

LENGTH = 40
CASES = [
    ("StepLR", {"step_size": 7}),
    ("StepLR", {"step_size": 1, "gamma": 0.5}),
    ("MultiStepLR", {"milestones": [3, 10, 10, 30]}),
    ("MultiStepLR", {"milestones": [0, 5], "gamma": 0.5}),
    ("ConstantLR", {}),
    ("ConstantLR", {"factor": 0.7, "total_iters": 1}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.1, "total_iters": 20}),
    ("LinearLR", {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 9}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("LambdaLR", {"lr_lambda": lambda t: 1 / (1 + t)}),
    ("LambdaLR", {"lr_lambda": [lambda t: 0.5**t, lambda t: math.cos(t) ** 2]}),
    ("CosineAnnealingLR", {"T_max": 39}),
    ("CosineAnnealingLR", {"T_max": 12, "eta_min": 0.01}),
    ("CosineAnnealingLR", {"T_max": 1}),
    ("CosineAnnealingWarmRestarts", {"T_0": 10}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2, "eta_min": 0.01}),
    ("CosineAnnealingWarmRestarts", {"T_0": 1, "T_mult": 3}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 7}),
    ("CyclicLR", {"base_lr": [0.01, 0.02], "max_lr": [0.1, 0.3], "step_size_up": 3,
                  "step_size_down": 6, "mode": "triangular2", "base_momentum": 0.7}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 5, "mode": "exp_range",
                  "gamma": 0.97, "cycle_momentum": False}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 5,
                  "scale_fn": lambda c: 1 / c}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 5, "scale_mode": "iterations",
                  "scale_fn": lambda t: 0.9**t}),
    ("OneCycleLR", {"max_lr": 0.1, "total_steps": LENGTH}),
    ("OneCycleLR", {"max_lr": [0.1, 0.5], "epochs": 5, "steps_per_epoch": 9, "pct_start": 0.1,
                    "anneal_strategy": "linear"}),
    ("OneCycleLR", {"max_lr": 0.1, "total_steps": 41, "three_phase": True, "pct_start": 0.4}),
    ("OneCycleLR", {"max_lr": 0.1, "total_steps": 40, "pct_start": 0.0, "div_factor": 10,
                    "cycle_momentum": False}),
    ("OneCycleLR", {"max_lr": 0.1, "total_steps": 40, "pct_start": 0.9, "base_momentum": 0.6,
                    "max_momentum": [0.8, 0.9], "final_div_factor": 10}),
]  # fmt: skip
IDS = [f"{name}-{number}" for number, (name, _) in enumerate(CASES)]
OPTIMISERS = [("SGD", {"momentum": 0.9}), ("Adam", {})]


def pair(kind="SGD", options=None):
    """An optimiser of two groups in each library."""
    options = {"momentum": 0.9} if options is None else options
    ours = [dl.tensor([1.0], requires_grad=True) for _ in range(2)]
    theirs = [torch.nn.Parameter(torch.ones(1)) for _ in range(2)]
    return tuple(
        getattr(library, kind)(
            [{"params": parameters[0]}, {"params": parameters[1], "lr": 0.2}], lr=0.05, **options
        )
        for library, parameters in ((optim, ours), (torch.optim, theirs))
    )


def make(name, options, optimizers):
    ours = getattr(schedules, name)(optimizers[0], **options)
    return ours, getattr(torch.optim.lr_scheduler, name)(optimizers[1], **options)


def rates(optimizer):
    """Rates, and momenta, of the groups."""
    found = []
    for group in optimizer.param_groups:
        found += [float(group["lr"]), group["betas"][0] if "betas" in group else group["momentum"]]
    return found


def curve(optimizer, schedule, length=LENGTH, score=None):
    """The rates of each step; `score` is what a plateau is fed with."""
    found = []
    for t in range(length):
        found.append(rates(optimizer))
        optimizer.step()
        schedule.step(*([] if score is None else [score[t]]))
    return np.array(found)


@pytest.mark.parametrize("optimiser", OPTIMISERS, ids=lambda o: o[0])
@pytest.mark.parametrize(("name", "options"), CASES, ids=IDS)
def test_the_whole_curve_is_that_of_torch(name, options, optimiser):
    optimizers = pair(*optimiser)
    ours, theirs = make(name, options, optimizers)
    expected = curve(optimizers[1], theirs)
    got = curve(optimizers[0], ours)
    np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-14)
    assert ours.get_last_lr() == pytest.approx([float(r) for r in theirs.get_last_lr()], rel=1e-10)
    assert len(np.unique(got[:, 0])) > 1


def test_inverse_time_is_its_formula_in_torch():
    optimizers = pair()
    ours = schedules.InverseTimeLR(optimizers[0], gamma=0.3)
    theirs = torch.optim.lr_scheduler.LambdaLR(optimizers[1], lambda t: 1 / (1 + 0.3 * t))
    np.testing.assert_allclose(curve(optimizers[0], ours), curve(optimizers[1], theirs), rtol=1e-10)


@pytest.mark.parametrize("epochs", [[0, 0.3, 1.7, 2.0, 2.5, 7.9, 8.1, 23.5], [5, 1, 0.5]])
@pytest.mark.parametrize("times", [1, 2])
def test_warm_restarts_go_to_any_place(epochs, times):
    optimizers = pair()
    options = {"T_0": 2, "T_mult": times}
    pairs = make("CosineAnnealingWarmRestarts", options, optimizers)
    for epoch in epochs:
        for schedule in pairs:
            schedule.step(epoch)
        np.testing.assert_allclose(rates(optimizers[0]), rates(optimizers[1]), rtol=1e-10)
    optimizers[1].step()
    for schedule in pairs:
        schedule.step()
    np.testing.assert_allclose(rates(optimizers[0]), rates(optimizers[1]), rtol=1e-10)


SCORES = np.concatenate(
    [np.linspace(1, 0.5, 8), np.full(12, 0.5), [0.4, math.nan], np.full(18, 0.45)]
)
PLATEAUS = [
    {"mode": mode, "threshold_mode": kind, "patience": patience, "cooldown": cooldown, **more}
    for mode in ("min", "max")
    for kind in ("rel", "abs")
    for patience, cooldown in [(0, 0), (3, 0), (2, 4)]
    for more in ({}, {"factor": 0.5, "min_lr": [0.01, 0.04], "threshold": 0.05})
]


@pytest.mark.parametrize("options", PLATEAUS, ids=str)
def test_plateau_is_that_of_torch(options):
    optimizers = pair()
    ours, theirs = make("ReduceLROnPlateau", options, optimizers)
    got = curve(optimizers[0], ours, score=SCORES)
    expected = curve(optimizers[1], theirs, score=SCORES)
    np.testing.assert_allclose(got, expected, rtol=1e-10)
    assert len(np.unique(got[:, 0])) > 1


def test_plateau_takes_a_tensor():
    schedule = schedules.ReduceLROnPlateau(pair()[0])
    schedule.step(dl.tensor(0.25))
    assert schedule.best == 0.25


SEQUENCES = [
    ([("LinearLR", {"total_iters": 5}), ("CosineAnnealingLR", {"T_max": 20})], [5]),
    ([("ConstantLR", {"factor": 0.1}), ("ExponentialLR", {"gamma": 0.9})], [8]),
    ([("LinearLR", {}), ("StepLR", {"step_size": 4}), ("ExponentialLR", {"gamma": 0.9})], [4, 20]),
    ([("LinearLR", {}), ("CosineAnnealingWarmRestarts", {"T_0": 4, "T_mult": 2})], [6]),
    ([("LinearLR", {}), ("OneCycleLR", {"max_lr": 0.3, "total_steps": 35})], [5]),
    ([("MultiStepLR", {"milestones": [2]}), ("CyclicLR",
      {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 3})], [5]),
    ([("ExponentialLR", {"gamma": 0.9}), ("LambdaLR", {"lr_lambda": lambda t: 0.8**t})], [0]),
]  # fmt: skip


def sequences(parts, milestones, optimizers):
    pairs = [make(name, options, optimizers) for name, options in parts]
    ours, theirs = (list(column) for column in zip(*pairs, strict=True))
    return (
        schedules.SequentialLR(optimizers[0], ours, milestones),
        torch.optim.lr_scheduler.SequentialLR(optimizers[1], theirs, milestones),
    )


@pytest.mark.parametrize(("parts", "milestones"), SEQUENCES)
def test_a_sequence_is_that_of_torch(parts, milestones):
    optimizers = pair()
    ours, theirs = sequences(parts, milestones, optimizers)
    got, expected = curve(optimizers[0], ours), curve(optimizers[1], theirs)
    np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-14)


def test_a_sequence_in_a_sequence():
    def part(optimizer, length):
        warm_up = schedules.LinearLR(optimizer, 0.5, total_iters=2)
        fall = schedules.ExponentialLR(optimizer, 0.5)
        return schedules.SequentialLR(optimizer, [warm_up, fall], [length])

    optimizer, alone = pair()[0], pair()[0]
    parts = [part(optimizer, 3), part(optimizer, 5)]
    whole = curve(optimizer, schedules.SequentialLR(optimizer, parts, [10]), 25)
    np.testing.assert_allclose(whole[:10], curve(alone, part(alone, 3), 10))
    alone = pair()[0]
    np.testing.assert_allclose(whole[10:], curve(alone, part(alone, 5), 15))


def test_schedules_in_a_row_multiply_as_in_torch():
    optimizers = pair()
    chain = [
        make("LinearLR", {"total_iters": 4}, optimizers),
        make("ExponentialLR", {"gamma": 0.9}, optimizers),
        make("StepLR", {"step_size": 6}, optimizers),
    ]
    for _ in range(20):
        for optimizer in optimizers:
            optimizer.step()
        for ours, theirs in chain:
            ours.step()
            theirs.step()
        np.testing.assert_allclose(rates(optimizers[0]), rates(optimizers[1]), rtol=1e-10)


def test_a_rate_changed_by_hand_is_scaled_as_in_torch():
    optimizers = pair()
    ours, theirs = make("CosineAnnealingLR", {"T_max": 30, "eta_min": 0.01}, optimizers)
    curve(optimizers[0], ours, 5)
    curve(optimizers[1], theirs, 5)
    for optimizer in optimizers:
        optimizer.param_groups[0]["lr"] = 0.5
    np.testing.assert_allclose(
        curve(optimizers[0], ours, 20), curve(optimizers[1], theirs, 20), rtol=1e-10
    )


STATES = [*CASES, ("InverseTimeLR", {"gamma": 0.3})]


@pytest.mark.parametrize(("name", "options"), STATES, ids=[*IDS, "InverseTimeLR"])
def test_a_run_goes_on_from_its_states_bit_for_bit(name, options):
    """The states pass through JSON, as in a checkpoint."""
    kind = getattr(schedules, name)
    unbroken = pair()[0]
    expected = curve(unbroken, kind(unbroken, **options))
    first = pair()[0]
    schedule = kind(first, **options)
    before = curve(first, schedule, 13)
    saved = json.loads(json.dumps([first.state_dict(), schedule.state_dict()]))
    second = pair()[0]
    schedule = kind(second, **options)
    saved[0]["state"] = {}
    second.load_state_dict(saved[0])
    schedule.load_state_dict(saved[1])
    after = curve(second, schedule, LENGTH - 13)
    assert np.concatenate([before, after]).tolist() == expected.tolist()


@pytest.mark.parametrize(("name", "options"), CASES, ids=IDS)
@pytest.mark.parametrize("direction", ["from torch", "to torch"])
def test_states_move_in_the_middle(name, options, direction):
    source, target = (0, 1) if direction == "to torch" else (1, 0)
    optimizers, fresh = pair(), pair()
    running, other = make(name, options, optimizers), make(name, options, fresh)
    curve(optimizers[source], running[source], 11)
    fresh[target].step()  # torch warns of a schedule that steps before its optimiser
    fresh[target].load_state_dict(optimizers[source].state_dict())
    other[target].load_state_dict(running[source].state_dict())
    got = curve(fresh[target], other[target], LENGTH - 11)
    expected = curve(optimizers[source], running[source], LENGTH - 11)
    np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("direction", ["from torch", "to torch"])
def test_the_state_of_a_plateau_moves(direction):
    source, target = (0, 1) if direction == "to torch" else (1, 0)
    optimizers, fresh = pair(), pair()
    options = {"patience": 2, "cooldown": 3}
    running = make("ReduceLROnPlateau", options, optimizers)
    other = make("ReduceLROnPlateau", options, fresh)
    curve(optimizers[source], running[source], 15, SCORES)
    fresh[target].load_state_dict(optimizers[source].state_dict())
    other[target].load_state_dict(running[source].state_dict())
    got = curve(fresh[target], other[target], 20, SCORES[15:])
    expected = curve(optimizers[source], running[source], 20, SCORES[15:])
    np.testing.assert_allclose(got, expected, rtol=1e-10)


@pytest.mark.parametrize("direction", ["from torch", "to torch"])
@pytest.mark.parametrize(("parts", "milestones"), SEQUENCES)
def test_the_state_of_a_sequence_moves(parts, milestones, direction):
    source, target = (0, 1) if direction == "to torch" else (1, 0)
    optimizers, fresh = pair(), pair()
    running = sequences(parts, milestones, optimizers)
    other = sequences(parts, milestones, fresh)
    curve(optimizers[source], running[source], 11)
    fresh[target].step()
    fresh[target].load_state_dict(optimizers[source].state_dict())
    other[target].load_state_dict(running[source].state_dict())
    got = curve(fresh[target], other[target], 25)
    expected = curve(optimizers[source], running[source], 25)
    np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-14)
