"""Optimisers beside torch's samples: steps, states, and what both refuse."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore import optim
from tests.parity.comparison import EQUAL, REFUSED, UNCLEAR, differing, refusal
from tests.parity.conversion import converted, tensor_of
from tests.parity.differences import PAGE
from tests.parity.internals import same_samples, samples_of

NAMES = ["Adagrad", "Adam", "AdamW", "RMSprop", "SGD"]
SHAPES = [(3, 2), (4,), (), (70, 70)]  # the last is too large to be packed with the others
STEPS = 6
# What torch refuses and dlcore takes: a pattern of torch's words for it, and the page's.
ACCEPTED = [
    ("betas must be either both floats or both Tensors", "an option such as `lr` may be a Tensor"),
]
# What torch takes, and dlcore refuses: a pattern of its message.
REFUSALS = [
    ("'foreach'|'fused'|'capturable'|'differentiable'", "optimisers have no `foreach`"),
    ("this parameter comes twice", "a parameter that comes twice is an error"),
    ("expected a Tensor, got tuple", "parameters are given without names"),
]


def inputs(name: str, errors: bool = False) -> list[Any]:
    """List torch's samples of an optimiser, or those that it refuses."""
    table = samples_of("common_optimizers", "optim_db")
    info = next(info for info in table if info.optim_cls.__name__ == name)
    with same_samples():
        if errors:
            return list(info.optim_error_inputs_func("cpu", torch.float32))
        return list(info.optim_inputs_func(device="cpu"))


def pair(dtype: str) -> tuple[list[dl.Tensor], list[torch.nn.Parameter]]:
    """Make the same parameters in both libraries."""
    rng = np.random.default_rng(0)
    theirs = [
        torch.nn.Parameter(torch.from_numpy(np.asarray(rng.normal(size=shape), dtype)))
        for shape in SHAPES
    ]
    return [tensor_of(p) for p in theirs], theirs


def descend(ours: Any, theirs: Any, optimizers: tuple[Any, Any], seed: int) -> None:
    """Step both with the same gradients."""
    rng = np.random.default_rng(seed)
    for _ in range(STEPS):
        for p, q in zip(ours, theirs, strict=True):
            q.grad = torch.from_numpy(np.asarray(rng.normal(size=p.shape), p.dtype))
            p.grad = tensor_of(q.grad)
        for optimizer in optimizers:
            optimizer.step()


def remembered(state: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    for number, values in sorted(state["state"].items()):
        for key, value in sorted(values.items()):
            if value is not None:
                yield f"{number}.{key}", np.asarray(value, np.float64)


def test_every_optimiser_of_the_same_name_is_swept() -> None:
    table = samples_of("common_optimizers", "optim_db")
    assert (
        sorted({i.optim_cls.__name__ for i in table if hasattr(optim, i.optim_cls.__name__)})
        == NAMES
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", NAMES)
def test_steps_and_states(name: str, dtype: str) -> None:
    for sample in inputs(name):
        ours, theirs = pair(dtype)
        here = getattr(optim, name)(ours, **converted(sample.kwargs))
        there = getattr(torch.optim, name)(theirs, **sample.kwargs)
        descend(ours, theirs, (here, there), 1)
        assert not differing(sample.desc, ours, theirs)
        found, expected = (dict(remembered(o.state_dict())) for o in (here, there))
        assert found.keys() == expected.keys(), sample.desc
        for key, value in expected.items():
            np.testing.assert_allclose(
                found[key], value, rtol=1e-4 if dtype == "float32" else 1e-9, atol=1e-7,
                err_msg=f"{sample.desc}: {key}",
            )  # fmt: skip
        again = getattr(optim, name)(ours, **converted(sample.kwargs))
        again.load_state_dict(there.state_dict())  # a Tensor as `lr` stands in it, too
        descend(ours, theirs, (again, there), 2)
        assert not differing(f"{sample.desc}, from torch's state", ours, theirs)


@pytest.mark.parametrize("name", NAMES)
def test_what_torch_refuses(name: str) -> None:
    for error in inputs(name, errors=True):
        sample = error.optimizer_error_input
        given = sample.params
        if given is None:
            given = [torch.ones(2, 2, requires_grad=True)]
        try:
            getattr(optim, name)(_shared(given), **converted(sample.kwargs))
        except Exception as raised:  # every kind: which one is the question
            finding = refusal(raised)
            assert finding.verdict == REFUSED, f"{sample.desc}: {finding}"
        else:
            assert _known(ACCEPTED, error.error_regex), f"{sample.desc}: accepted"


@pytest.mark.parametrize(
    "options", [{"foreach": True}, {"fused": True}, {"capturable": True}, {"differentiable": True}]
)
@pytest.mark.parametrize("name", NAMES)
def test_switches_of_torch_are_refused(name: str, options: dict[str, bool]) -> None:
    with pytest.raises(TypeError, match="keyword argument") as raised:
        getattr(optim, name)([dl.tensor(1.0, requires_grad=True)], **options)
    assert _known(REFUSALS, str(raised.value))


def test_names_and_twins_are_refused() -> None:
    w = dl.nn.Parameter([1.0])
    for params in ([("w", w)], [w, w]):
        with pytest.raises((TypeError, ValueError)) as raised:
            optim.SGD(params)
        assert _known(REFUSALS, str(raised.value))


@pytest.mark.parametrize("phrase", [phrase for _, phrase in ACCEPTED + REFUSALS])
def test_the_page_of_differences_says_so(phrase: str) -> None:
    assert phrase in PAGE.read_text(encoding="utf-8")


def test_a_fault_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    step = optim.SGD._update

    def wrong(self: Any, data: Any, grad: Any, state: Any, group: Any) -> None:
        step(self, data, grad * 1.01, state, group)

    monkeypatch.setattr(optim.SGD, "_update", wrong)
    with pytest.raises(AssertionError, match="default: "):
        test_steps_and_states("SGD", "float64")


def test_an_error_from_inside_is_told_from_a_refusal() -> None:
    with pytest.raises(AttributeError) as raised:
        optim.SGD([dl.tensor(1.0, requires_grad=True)]).absent()
    assert refusal(raised.value).verdict == UNCLEAR != EQUAL


def _known(table: list[tuple[str, str]], text: str) -> bool:
    return any(re.search(pattern, text) for pattern, _ in table)


def _shared(params: Any) -> Any:
    """Convert parameters, the same ones to the same ones."""
    made: dict[int, dl.Tensor] = {}

    def one(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return made.setdefault(id(value), tensor_of(value))
        if isinstance(value, dict):
            return {key: one(part) for key, part in value.items()}
        return type(value)(map(one, value)) if isinstance(value, list | tuple) else value

    return one(params)
