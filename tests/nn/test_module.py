"""Modules and their state."""

from typing import Any

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore import nn


def _net(rng: Any = None) -> nn.Sequential:
    return nn.Sequential(
        nn.Flatten(), nn.Linear(4, 3, rng=rng), nn.Tanh(), nn.Linear(3, 2, rng=rng)
    )


def _torch_net() -> torch.nn.Sequential:
    return torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(4, 3), torch.nn.Tanh(), torch.nn.Linear(3, 2)
    )


def test_weights_move_to_torch_and_back_with_equal_outputs() -> None:
    ours, theirs = _net(), _torch_net()
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    x = np.random.default_rng(0).normal(size=(5, 2, 2)).astype(np.float32)
    want = theirs(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(ours(dl.tensor(x)).data, want, rtol=1e-5, atol=1e-6)
    other = _net()
    other.load_state_dict(theirs.state_dict())
    np.testing.assert_allclose(other(dl.tensor(x)).data, want, rtol=1e-5, atol=1e-6)


def test_the_representation_is_torchs() -> None:
    assert repr(_net()) == repr(_torch_net())


def test_names_and_order_of_the_state_are_torchs() -> None:
    assert list(_net().state_dict()) == list(_torch_net().state_dict())


def test_a_generator_makes_weights_repeatable() -> None:
    a, b = (_net(np.random.default_rng(5)).state_dict() for _ in range(2))
    for name in a:
        np.testing.assert_array_equal(a[name], b[name])


def test_linear_starts_within_torchs_bounds() -> None:
    layer = nn.Linear(100, 50, rng=np.random.default_rng(0))
    for array in layer.state_dict().values():
        assert np.abs(array).max() <= 0.1
        assert np.abs(array).max() > 0.08


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: nn.Linear(3, 2)(dl.ones(2, 5)),
            ValueError,
            r"Linear: last axis of x must be 3 \(in_features\), got shape \(2, 5\)",
        ),
        (lambda: nn.Linear(0, 2), ValueError, "must be at least 1, got 0 and 2"),
        (lambda: nn.Linear(3, 2)(dl.ones(2, 3, dtype="float64")), TypeError, "one floating dtype"),
        (lambda: nn.Sequential(nn.ReLU), TypeError, "argument 0 must be a Module"),
        (lambda: nn.Module()(1), NotImplementedError, "no forward method"),
        (lambda: nn.Module().nothing, AttributeError, "Module has no attribute 'nothing'"),
        (lambda: nn.MSELoss("avg"), ValueError, "expected 'mean', 'sum' or 'none'"),
        (lambda: nn.Module().add_module("a.b", None), ValueError, "without dots"),
    ],
)
def test_wrong_use_gets_a_clear_error(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_assignment_before_init_is_refused() -> None:
    class Hasty(nn.Module):
        def __init__(self) -> None:
            self.layer = nn.Linear(1, 1)

    with pytest.raises(
        AttributeError, match=r"call super\(\).__init__\(\) before assigning 'layer'"
    ):
        Hasty()


def test_a_bad_state_changes_nothing() -> None:
    net = _net()
    before = {k: v.copy() for k, v in net.state_dict().items()}
    state = dict(before) | {"3.bias": np.zeros(7)}
    with pytest.raises(ValueError, match=r"3.bias must have shape \(2,\), got \(7,\)"):
        net.load_state_dict({k: v + 1 if k != "3.bias" else v for k, v in state.items()})
    with pytest.raises(ValueError, match=r"missing names \['3.bias'\], unknown names \['extra'\]"):
        net.load_state_dict(
            {k: v for k, v in before.items() if k != "3.bias"} | {"extra": np.zeros(1)}
        )
    for name, array in net.state_dict().items():
        np.testing.assert_array_equal(array, before[name])
    net.load_state_dict({"3.bias": np.ones(2)}, strict=False)
    assert net.state_dict()["3.bias"].tolist() == [1.0, 1.0]


def test_the_state_names_a_shared_module_in_each_place_as_torchs_does() -> None:
    here, there = nn.Linear(2, 2), torch.nn.Linear(2, 2)
    ours, theirs = (
        nn.Sequential(here, nn.Tanh(), here),
        torch.nn.Sequential(there, torch.nn.Tanh(), there),
    )
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict(theirs.state_dict())
    np.testing.assert_array_equal(here.weight.data, there.weight.detach().numpy())
    for flag in (False, True):
        names = [name for name, _ in ours.named_modules(remove_duplicate=flag)]
        assert names == [name for name, _ in theirs.named_modules(remove_duplicate=flag)]


def test_a_shared_module_is_listed_once() -> None:
    layer = nn.Linear(2, 2)
    net = nn.Sequential(layer, nn.ReLU(), layer)
    assert len(list(net.parameters())) == 2
    assert len(list(net.modules())) == 3


def test_training_mode_reaches_every_module() -> None:
    net = _net().eval()
    assert not any(m.training for m in net.modules())
    assert all(m.training for m in net.train().modules())


def test_replacing_and_deleting_attributes_keeps_the_tables_right() -> None:
    net = nn.Module()
    net.part = nn.Linear(1, 1)
    net.part = 3
    assert list(net.parameters()) == []
    net.weight = nn.Parameter([1.0])
    del net.weight
    assert list(net.parameters()) == []
    net.register_buffer("mean", np.zeros(2))
    net.mean = [1.0, 2.0]
    assert net.state_dict()["mean"].tolist() == [1.0, 2.0]
    assert [n for n, _ in net.named_buffers()] == ["mean"]
    net.plain = 1
    del net.plain
    assert not hasattr(net, "plain")


def test_freezing_zeroing_and_converting() -> None:
    net = _net()
    net(dl.ones(1, 4)).sum().backward()
    assert all(p.grad is not None for p in net.parameters())
    net.zero_grad(set_to_none=False)
    assert all(not p.grad.numpy().any() for p in net.parameters())
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())
    net.requires_grad_(False)
    assert not net(dl.ones(1, 4)).requires_grad
    assert net.to(np.float64)(dl.ones(1, 4, dtype="float64")).dtype == np.float64


def test_sequential_is_a_sequence() -> None:
    net = _net()
    assert len(net) == 4
    assert net[1] is list(net)[1]
    assert repr(net[2:]).count("(") > 1
    assert len(net[:2]) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "module",
    [
        nn.ReLU(),
        nn.LeakyReLU(0.2),
        nn.PReLU(num_parameters=4),
        nn.ELU(alpha=0.5),
        nn.SiLU(),
        nn.GELU(),
        nn.GELU("tanh"),
        nn.Softplus(beta=2.0),
        nn.Tanh(),
        nn.Sigmoid(),
        nn.Softmax(dim=1),
        nn.LogSoftmax(dim=1),
    ],
    ids=repr,
)
def test_activations_equal_torch(module: nn.Module) -> None:
    theirs = eval(f"torch.nn.{module!r}").double()
    x = np.random.default_rng(1).normal(size=(3, 4))
    want = theirs(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(module.to(np.float64)(dl.tensor(x)).data, want, rtol=1e-12)


LOSSES: list[tuple[str, dict[str, Any], str]] = [
    ("MSELoss", {"reduction": "sum"}, "numbers"),
    ("L1Loss", {}, "numbers"),
    ("HuberLoss", {"delta": 0.5}, "numbers"),
    ("SmoothL1Loss", {"beta": 0.5}, "numbers"),
    ("BCELoss", {}, "probabilities"),
    ("BCEWithLogitsLoss", {"reduction": "none"}, "probabilities"),
    ("NLLLoss", {"ignore_index": 1}, "classes"),
    ("CrossEntropyLoss", {"label_smoothing": 0.1}, "classes"),
    ("KLDivLoss", {"reduction": "batchmean"}, "probabilities"),
    ("CosineSimilarity", {"dim": 0}, "numbers"),
    ("CosineEmbeddingLoss", {"margin": 0.2}, "pairs"),
]


@pytest.mark.parametrize(("name", "options", "kind"), LOSSES, ids=lambda v: str(v))
def test_losses_equal_torch(name: str, options: dict[str, Any], kind: str) -> None:
    rng = np.random.default_rng(2)
    inputs: dict[str, list[np.ndarray]] = {
        "numbers": [rng.normal(size=(4, 3)), rng.normal(size=(4, 3))],
        "probabilities": [rng.uniform(0.1, 0.9, (4, 3)), rng.uniform(0.1, 0.9, (4, 3))],
        "classes": [rng.normal(size=(4, 3)), rng.integers(0, 3, 4)],
        "pairs": [rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), np.array([1, -1])],
    }
    got = getattr(nn, name)(**options)(*map(dl.tensor, inputs[kind]))
    want = getattr(torch.nn, name)(**options)(*map(torch.tensor, inputs[kind]))
    np.testing.assert_allclose(got.data, want.numpy(), rtol=1e-10)


def _parts(library: Any) -> Any:
    class Parts(library.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.body = library.Linear(2, 2)
            self.table = library.Embedding(3, 2)
            self.head = library.Linear(2, 3)

    return Parts()


def test_what_is_replaced_keeps_its_place_in_the_order() -> None:
    ours, theirs = _parts(nn), _parts(torch.nn)
    ours.body, theirs.body = nn.Linear(2, 4), torch.nn.Linear(2, 4)
    ours.head.weight, theirs.head.weight = ours.table.weight, theirs.table.weight
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert [n for n, _ in ours.named_parameters()] == [n for n, _ in theirs.named_parameters()]
    ours.body = theirs.body = None
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.body, theirs.body = nn.ReLU(), torch.nn.ReLU()
    assert [n for n, _ in ours.named_children()] == [n for n, _ in theirs.named_children()]


def test_a_tensor_does_not_silently_stand_for_a_parameter() -> None:
    layer = nn.Linear(2, 1)
    with pytest.raises(TypeError, match=r"weight: expected a Parameter, got a Tensor"):
        layer.weight = dl.ones(1, 2)
    with pytest.raises(TypeError, match="scale: expected a Parameter, got Tensor"):
        layer.register_parameter("scale", dl.ones(1))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="inner: expected a Module, got 3"):
        layer.add_module("inner", 3)  # type: ignore[arg-type]
    assert len(list(layer.parameters())) == 2


def test_apply_visits_all_modules_the_inner_ones_first() -> None:
    seen: dict[str, list[str]] = {}
    for name, library in (("ours", nn), ("theirs", torch.nn)):
        net = library.Sequential(library.Sequential(library.Linear(1, 1)), library.ReLU())
        seen[name] = []
        assert net.apply(lambda m, n=name: seen[n].append(type(m).__name__)) is net
    assert seen["ours"] == seen["theirs"]


def test_buffers_may_be_tensors_and_stay_out_of_the_state() -> None:
    net = nn.Module()
    net.register_buffer("mask", dl.ones(2), persistent=False)
    net.register_buffer("mean", dl.zeros(2))
    assert list(net.state_dict()) == ["mean"]
    assert [array.tolist() for array in net.buffers()] == [[1.0, 1.0], [0.0, 0.0]]
    net.to("float64").load_state_dict({"mean": [1.0, 2.0]})
    assert net.mask.dtype == net.mean.dtype == np.float64
    net.register_buffer("mask", np.ones(2))
    assert list(net.state_dict()) == ["mask", "mean"]


def test_loading_says_what_did_not_match() -> None:
    layer = nn.Linear(2, 2)
    names = layer.load_state_dict({"weight": np.ones((2, 2)), "extra": 1}, strict=False)
    expected = torch.nn.Linear(2, 2).load_state_dict(
        {"weight": torch.ones(2, 2), "extra": torch.ones(1)}, strict=False
    )
    assert names.missing_keys == expected.missing_keys == ["bias"]
    assert names.unexpected_keys == expected.unexpected_keys == ["extra"]
    with pytest.raises(TypeError, match=r"state_dict: expected arrays by name, .* got Linear"):
        layer.load_state_dict(nn.Linear(2, 2))  # type: ignore[arg-type]


def test_only_floating_dtypes_can_be_learnt() -> None:
    with pytest.raises(TypeError, match="to: expected a floating dtype, got int64"):
        nn.Linear(1, 1).to("int64")


@pytest.mark.parametrize("kind", [np.asarray, np.ndarray.tolist], ids=["array", "list"])
def test_layers_take_what_is_not_yet_a_tensor(kind: Any) -> None:
    x = kind(np.ones((2, 3, 4), np.float32))
    assert nn.Sequential(nn.Flatten(), nn.Linear(12, 5))(x).shape == (2, 5)
    assert nn.MultiheadAttention(4, 2)(x, x, x)[0].shape == (2, 3, 4)
    with pytest.raises(TypeError, match="got a tuple of Tensors, such as the output"):
        nn.Sequential(nn.LSTM(4, 2), nn.Linear(2, 1))(dl.ones(2, 3, 4))
