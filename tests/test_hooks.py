"""Hooks on gradients and on modules behave as torch's do."""

from typing import Any

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore import nn

LIBRARIES = [pytest.param(dl, id="dlcore"), pytest.param(torch, id="torch")]


def _chain(lib: Any) -> tuple[Any, Any, Any]:
    x = lib.tensor([1.0, 2.0], requires_grad=True)
    h = x * 3
    return x, h, (h * h).sum()


@pytest.mark.parametrize("lib", LIBRARIES)
def test_a_hook_sees_the_whole_gradient_once(lib: Any) -> None:
    x, h, out = _chain(lib)
    seen: list[Any] = []
    h.register_hook(lambda g: seen.append(g.tolist()))
    (out + h.sum()).backward()
    assert seen == [[7.0, 13.0]]
    assert x.grad.tolist() == [21.0, 39.0]


@pytest.mark.parametrize("lib", LIBRARIES)
def test_hooks_change_the_gradient_in_turn(lib: Any) -> None:
    x, h, out = _chain(lib)
    h.register_hook(lambda g: g * 2)
    h.register_hook(lambda g: g + 1)
    x.register_hook(lambda g: -g)
    out.backward()
    assert x.grad.tolist() == [-39.0, -75.0]


@pytest.mark.parametrize("lib", LIBRARIES)
def test_a_removed_hook_is_not_called(lib: Any) -> None:
    x, h, out = _chain(lib)
    first = h.register_hook(lambda g: g * 100)
    h.register_hook(lambda g: g * 2)
    first.remove()
    first.remove()
    out.backward()
    assert x.grad.tolist() == [36.0, 72.0]


@pytest.mark.parametrize("lib", LIBRARIES)
def test_retain_grad_keeps_what_the_hooks_leave(lib: Any) -> None:
    x, h, out = _chain(lib)
    h.retain_grad()
    h.register_hook(lambda g: g * 2)
    x.retain_grad()  # a leaf keeps its gradient anyway
    out.backward(retain_graph=True)
    assert h.grad.tolist() == [12.0, 24.0]
    out.backward()
    assert h.grad.tolist() == [24.0, 48.0]
    assert x.grad.tolist() == [72.0, 144.0]


def test_what_is_retained_is_a_copy() -> None:
    x = dl.tensor([1.0, 2.0], requires_grad=True)
    h = x.reshape(2)
    h.retain_grad()
    seed = dl.ones(2)
    h.backward(seed)
    assert h.grad is not None
    h.grad.data[0] = 9.0
    assert seed.tolist() == [1.0, 1.0]
    assert x.grad is not None
    assert x.grad.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("lib", LIBRARIES)
def test_grad_shows_hooks_to_its_targets(lib: Any) -> None:
    x, h, out = _chain(lib)
    h.register_hook(lambda g: g * 2)
    grad = dl.grad if lib is dl else torch.autograd.grad
    assert grad(out, h, retain_graph=True)[0].tolist() == [12.0, 24.0]
    assert grad(out, x)[0].tolist() == [36.0, 72.0]


@pytest.mark.parametrize("lib", LIBRARIES)
def test_hooks_are_recorded_with_create_graph(lib: Any) -> None:
    x, h, out = _chain(lib)
    h.register_hook(lambda g: g * g)
    grad = dl.grad if lib is dl else torch.autograd.grad
    (g,) = grad(out, x, create_graph=True)
    assert g.tolist() == [108.0, 432.0]  # 3 (2 h)²
    (second,) = grad(g.sum(), x)
    assert second.tolist() == [15552.0, 62208.0]  # 3 (24 h)²: the hook squares this sweep's too


def test_a_hook_leaves_no_trace_otherwise() -> None:
    _, h, out = _chain(dl)
    weight = dl.tensor([1.0, 1.0], requires_grad=True)
    seen: list[bool] = []
    h.register_hook(lambda g: seen.append((g * weight).requires_grad))
    out.backward()
    assert seen == [False]


@pytest.mark.parametrize(
    ("hook", "error", "message"),
    [
        (lambda g: g.sum(), ValueError, r"expected a gradient of \(2,\), got \(\)"),
        (lambda g: g.numpy(), TypeError, "expected None or a float32 Tensor"),
        (lambda g: g.to(np.float64), TypeError, "expected None or a float32 Tensor"),
    ],
)
def test_a_hook_that_returns_nonsense_is_refused(hook: Any, error: Any, message: str) -> None:
    _, h, out = _chain(dl)
    h.register_hook(hook)
    with pytest.raises(error, match=message):
        out.backward()


def test_hooks_need_a_function_and_a_gradient() -> None:
    for method in ("retain_grad", "register_hook"):
        with pytest.raises(RuntimeError, match="has requires_grad=False"):
            getattr(dl.ones(2), method)(*[print] * (method == "register_hook"))
    with pytest.raises(TypeError, match="hook: expected a function"):
        dl.ones(2).requires_grad_().register_hook(3)  # type: ignore[arg-type]


MODULES = [pytest.param(nn, dl, id="dlcore"), pytest.param(torch.nn, torch, id="torch")]


@pytest.mark.parametrize(("modules", "lib"), MODULES)
def test_forward_hooks_see_and_change_what_passes(modules: Any, lib: Any) -> None:
    layer = modules.ReLU()
    seen: list[Any] = []
    before = layer.register_forward_pre_hook(lambda m, args: args[0] + 1)
    after = layer.register_forward_hook(lambda m, args, out: seen.append((args[0], out)) or out * 2)
    out = layer(lib.tensor([-2.0, 1.0]))
    assert out.tolist() == [0.0, 4.0]
    assert [t.tolist() for t in seen[0]] == [[-1.0, 2.0], [0.0, 2.0]]
    before.remove()
    after.remove()
    assert layer(lib.tensor([-2.0, 1.0])).tolist() == [0.0, 1.0]


@pytest.mark.parametrize(("modules", "lib"), MODULES)
def test_forward_hooks_keep_their_order(modules: Any, lib: Any) -> None:
    layer = modules.ReLU()
    order: list[str] = []
    for name, prepend in (("b", False), ("c", False), ("a", True)):
        layer.register_forward_hook(lambda m, i, o, n=name: order.append(n), prepend=prepend)
        layer.register_forward_pre_hook(lambda m, i, n=name: order.append(n), prepend=prepend)
    layer(lib.tensor([1.0]))
    assert order == ["a", "b", "c", "a", "b", "c"]


@pytest.mark.parametrize(("modules", "lib"), MODULES)
def test_forward_hooks_may_take_keyword_arguments(modules: Any, lib: Any) -> None:
    class Scale(modules.Module):  # type: ignore[misc]
        def forward(self, x: Any, by: float = 1.0) -> Any:
            return x * by

    layer = Scale()
    layer.register_forward_pre_hook(lambda m, a, k: (a, {"by": k["by"] + 1}), with_kwargs=True)
    layer.register_forward_pre_hook(lambda m, a, k: None, with_kwargs=True)
    layer.register_forward_hook(lambda m, a, k, out: out + k["by"], with_kwargs=True)
    assert layer(lib.tensor([1.0]), by=2.0).tolist() == [6.0]


@pytest.mark.parametrize(("modules", "lib"), MODULES)
def test_the_gradient_of_an_activation_can_be_seen(modules: Any, lib: Any) -> None:
    net = modules.Sequential(modules.ReLU(), modules.Flatten())
    seen: list[Any] = []

    def watch(module: Any, args: Any, out: Any) -> None:
        out.register_hook(lambda g: seen.append(g.tolist()))

    net[0].register_forward_hook(watch)
    x = lib.tensor([[-1.0, 2.0]], requires_grad=True)
    (net(x) * 5).sum().backward()
    assert seen == [[[5.0, 5.0]]]
    assert x.grad.tolist() == [[0.0, 5.0]]


def test_hooks_are_not_part_of_the_state() -> None:
    layer = nn.Linear(1, 1)
    layer.register_forward_hook(print)
    assert list(layer.state_dict()) == ["weight", "bias"]
    assert nn.Linear(1, 1)._forward_hooks is None
