"""Schedules beside torch's over a grid of their options: alone, chained, in turn, resumed."""

import copy
import math
import random
import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
import torch

import dlcore as dl
from dlcore import optim
from dlcore.optim import lr_scheduler as ours
from tests.parity.comparison import REFUSED, refusal
from tests.parity.differences import PAGE

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # torch's, of the order of steps
theirs = torch.optim.lr_scheduler
LENGTH = 36
GRID: dict[str, dict[str, list[Any]]] = {
    "StepLR": {"step_size": [1, 3, 10, 2.0, 0, 2.5], "gamma": [0.1, 0.5, 1.0, 0.0, 2.0, -0.5]},
    "MultiStepLR": {
        "milestones": [[3, 10], [0, 5], [5, 5, 9], [10, 3], [], [2.0, 4.0], [-1, 4], [2.5]],
        "gamma": [0.1, 1.0, 0.0, 2.0, -0.5],
    },
    "ConstantLR": {
        "factor": [1 / 3, 0.5, 1.0, 0.0, 1.5, -0.1], "total_iters": [5, 1, 40, 3.0, 0, -2, 2.5],
    },
    "LinearLR": {
        "start_factor": [1 / 3, 1.0, 0.1, 1e-9, 0.0, 1.5], "end_factor": [1.0, 0.0, 0.3, 1.5],
        "total_iters": [5, 1, 40, 3.0, 0, 2.5],
    },
    "ExponentialLR": {"gamma": [0.9, 1.0, 0.0, 1.1, -0.5]},
    "LambdaLR": {
        "lr_lambda": [
            lambda t: 0.95**t, lambda t: 0.0, lambda t: 1 / (1 + t),
            [lambda t: 1.0, lambda t: t / 10], [lambda t: 1.0],
        ],
    },
    "CosineAnnealingLR": {"T_max": [1, 7, 39, 50, 7.0, 0, 2.5], "eta_min": [0.0, 0.01, 0.5]},
    "CosineAnnealingWarmRestarts": {
        "T_0": [1, 5, 10, 0, 2.5], "T_mult": [1, 2, 3, 0, 1.5], "eta_min": [0.0, 0.01, 0.5],
    },
    "CyclicLR": {
        "base_lr": [0.01, 0.0, [0.01, 0.02]], "max_lr": [0.1, [0.1, 0.2]],
        "step_size_up": [1, 5, 2000, 2.5], "step_size_down": [None, 3, 0],
        "mode": ["triangular", "triangular2", "exp_range", "square"], "gamma": [1.0, 0.9],
        "cycle_momentum": [True, False],
    },
    "OneCycleLR": {
        "max_lr": [0.1, [0.1, 0.2]], "total_steps": [40, 37, 2], "pct_start": [0.3, 0.0, 1.0, 1.5],
        "anneal_strategy": ["cos", "linear", "x"], "cycle_momentum": [True, False],
        "three_phase": [False, True], "final_div_factor": [1e4, 1.0],
    },
    "ReduceLROnPlateau": {
        "mode": ["min", "max", "x"], "factor": [0.1, 0.5, 1.0], "patience": [0, 3, 10],
        "threshold": [1e-4, 0.1], "threshold_mode": ["rel", "abs", "x"], "cooldown": [0, 3],
        "min_lr": [0, [0.01, 0.02]],
    },
}  # fmt: skip
WHOLE = "lengths of schedules, such as `step_size`, `T_max` or `total_iters`, are whole numbers"
TRUE_CURVE = "continues on the true curve of a schedule"
# What only one of the two refuses: a pattern in dlcore's message, and the words of the page.
REFUSALS = [("expected a whole number of at least", WHOLE)]
DIVIDES_BY_ZERO = {"ConstantLR", "OneCycleLR"}  # torch does, with factor 0 and one step to climb in
SETTINGS: list[tuple[str, dict[str, Any]]] = [
    ("StepLR", {"step_size": 3}),
    ("MultiStepLR", {"milestones": [0, 3, 10, 10, 25], "gamma": 0.5}),
    ("ConstantLR", {"factor": 0.5, "total_iters": 20}),
    ("LinearLR", {"start_factor": 0.1, "total_iters": 20}),
    ("LinearLR", {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 9}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("LambdaLR", {"lr_lambda": lambda t: 0.95**t}),
    ("CosineAnnealingLR", {"T_max": 7}),
    ("CosineAnnealingLR", {"T_max": 30, "eta_min": 0.01}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2, "eta_min": 0.01}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 5, "mode": "exp_range",
                  "gamma": 0.9}),
    ("OneCycleLR", {"max_lr": 0.1, "total_steps": 60}),
]  # fmt: skip
IDS = [f"{name}-{number}" for number, (name, _) in enumerate(SETTINGS)]
CLOSED = "_get_closed_form_lr"
Curve = list[list[float]]


def optimizers() -> tuple[Any, Any]:
    """Make an optimiser of two groups in each library."""
    made = []
    for library, one in (
        (optim, lambda: dl.tensor([1.0], requires_grad=True)),
        (torch.optim, lambda: torch.nn.Parameter(torch.ones(1))),
    ):
        groups = [{"params": one()}, {"params": one(), "lr": 0.2}]
        made.append(library.SGD(groups, lr=0.05, momentum=0.9))
    return tuple(made)


def rates(optimizer: Any) -> list[float]:
    return [float(g[key]) for g in optimizer.param_groups for key in ("lr", "momentum")]


def curve(optimizer: Any, schedules: list[Any], length: int = LENGTH) -> Curve:
    """Follow schedules that all step each time."""
    draw = random.Random(0)
    found = [rates(optimizer)]
    for t in range(length):
        for schedule in schedules:
            scored = type(schedule).__name__ == "ReduceLROnPlateau"
            schedule.step(*[1 / (1 + t / 3) + 0.2 * draw.random()] if scored else [])
        found.append(rates(optimizer))
    return found


def first_difference(found: Curve, expected: Curve) -> str:
    for t, (a, b) in enumerate(zip(found, expected, strict=True)):
        if not all(
            math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-12) for x, y in zip(a, b, strict=True)
        ):
            return f"step {t}: {a}, expected {b}"
    return ""


def attempted(make: Callable[[], Curve]) -> Curve | Exception:
    try:
        return make()
    except Exception as error:  # every kind: which one is the question
        return error


def options_of(name: str) -> Iterator[dict[str, Any]]:
    for values in product(*GRID[name].values()):
        yield dict(zip(GRID[name], values, strict=True))


def fault(name: str, options: dict[str, Any]) -> str:
    """Say what is wrong with one schedule, or nothing."""
    here, there = optimizers()
    found = attempted(lambda: curve(here, [getattr(ours, name)(here, **options)]))
    expected = attempted(lambda: curve(there, [getattr(theirs, name)(there, **options)]))
    if isinstance(found, Exception):
        finding = refusal(found)
        if finding.verdict != REFUSED:
            return f"unclear: {finding.text}"
        if isinstance(expected, Exception) or _known(finding.text):
            return ""
        return f"refused: {finding.text}"
    if isinstance(expected, Exception):
        by_zero = isinstance(expected, ZeroDivisionError) and name in DIVIDES_BY_ZERO
        return "" if by_zero else f"accepted: torch says {expected}"
    return first_difference(found, expected)


def _known(text: str) -> bool:
    return any(re.search(pattern, text) for pattern, _ in REFUSALS)


def test_every_schedule_of_the_same_name_is_swept() -> None:
    same = {name for name in vars(ours) if name in vars(theirs) and name[0].isupper()}
    assert same - {"LRScheduler", "SequentialLR"} == set(GRID)


@pytest.mark.parametrize("name", list(GRID))
def test_grid_of_options(name: str) -> None:
    faults = [f"{o}: {text}" for o in options_of(name) if (text := fault(name, o))]
    assert not faults, f"{len(faults)} of {name}, first of all\n" + "\n".join(faults[:10])


@pytest.mark.parametrize(("name", "options"), SETTINGS, ids=IDS)
def test_chained_and_in_turn(name: str, options: dict[str, Any]) -> None:
    for other, more in SETTINGS:
        here, there = optimizers()
        found = curve(
            here, [getattr(ours, name)(here, **options), getattr(ours, other)(here, **more)]
        )
        expected = curve(
            there, [getattr(theirs, name)(there, **options), getattr(theirs, other)(there, **more)]
        )
        assert not first_difference(found, expected), (other, more)
        for milestone in (1, 6, 12):
            found, expected = (
                curve(o, [_in_turn(library, o, (name, options), (other, more), milestone)])
                for library, o in zip((ours, theirs), optimizers(), strict=True)
            )
            assert not first_difference(found, expected), (other, more, milestone)


def _in_turn(library: Any, optimizer: Any, first: Any, second: Any, milestone: int) -> Any:
    schedules = [getattr(library, name)(optimizer, **o) for name, o in (first, second)]
    return library.SequentialLR(optimizer, schedules, milestones=[milestone])


@pytest.mark.parametrize(("name", "options"), SETTINGS, ids=IDS)
def test_states_in_the_middle(name: str, options: dict[str, Any]) -> None:
    """Also a state of torch's: it goes on here."""
    whole = curve(there := optimizers()[1], [getattr(theirs, name)(there, **options)])
    for stop in (0, 1, 5, 9, 20):
        for library, origin in ((ours, 0), (theirs, 1)):
            before = optimizers()[origin]
            schedule = getattr(library, name)(before, **options)
            curve(before, [schedule], stop)
            states = copy.deepcopy([before.state_dict(), schedule.state_dict()])
            after = optimizers()[0]
            resumed = getattr(ours, name)(after, **options)
            after.load_state_dict(states[0])
            resumed.load_state_dict(states[1])
            rest = curve(after, [resumed], LENGTH - stop)
            assert not first_difference(rest, whole[stop:]), (stop, library.__name__)


@pytest.mark.parametrize(("name", "options"), SETTINGS, ids=IDS)
def test_last_epoch_goes_on_along_the_whole_curve(name: str, options: dict[str, Any]) -> None:
    """Where torch's own schedules leave it, as the page says."""
    whole = curve(there := optimizers()[1], [getattr(theirs, name)(there, **options)])
    for stop in (0, 1, 5, 20):
        before = optimizers()[0]
        curve(before, [getattr(ours, name)(before, **options)], stop)
        after = optimizers()[0]
        after.load_state_dict(copy.deepcopy(before.state_dict()))
        resumed = getattr(ours, name)(after, last_epoch=stop, **options)
        rest = curve(after, [resumed], LENGTH - stop - 1)
        assert not first_difference(rest, whole[stop + 1 :]), stop


@pytest.mark.parametrize(
    ("name", "options"), [s for s in SETTINGS if hasattr(getattr(theirs, s[0]), CLOSED)]
)
def test_closed_form(name: str, options: dict[str, Any]) -> None:
    here, there = optimizers()
    schedule, other = getattr(ours, name)(here, **options), getattr(theirs, name)(there, **options)
    for _ in range(LENGTH):
        schedule.step()
        other.step()
        assert schedule.get_last_lr() == pytest.approx(getattr(other, CLOSED)(), abs=1e-12)


@pytest.mark.parametrize("phrase", [WHOLE, TRUE_CURVE])
def test_the_page_of_differences_says_so(phrase: str) -> None:
    assert phrase in PAGE.read_text(encoding="utf-8")


def test_a_fault_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours.StepLR, "scale", lambda self, t: self.gamma ** (t // 4))
    with pytest.raises(AssertionError, match="of StepLR, first of all"):
        test_grid_of_options("StepLR")
