"""What selects, cuts, masks and draws, beside torch: values, gradients and refusals."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import dlcore as dl
import dlcore.functional as F

X = np.random.default_rng(0).standard_normal((3, 4, 5)).astype(np.float32)
TIES = np.array([[1.0, 2.0, 2.0, 0.5], [np.nan, -1.0, np.inf, -np.inf]], np.float32)


def _parts(lib: Any, parts: Any) -> Any:
    """Parts that are told apart: each weighs its number."""
    return lib.cat([part * (i + 1) for i, part in enumerate(parts)])


@pytest.mark.parametrize(
    "f",
    [
        lambda lib, x: x.masked_fill(x > 0.5, -2.0),
        lambda lib, x: x.masked_fill(x[:1] > 0.9, float("-inf")).softmax(-1, dtype=None),
        lambda lib, x: x.masked_fill(x.detach() > 0, x.sum()),
        lambda lib, x: x[0, 0].masked_fill(x.detach() > 0, 0),
        lambda lib, x: _parts(lib, x.split(2)),
        lambda lib, x: _parts(lib, lib.split(x, 1, 0)),
        lambda lib, x: _parts(lib, lib.split(x.transpose(0, 2), [1, 0, 4])),
        lambda lib, x: _parts(lib, [p.transpose(0, 1) for p in x.split(3, dim=1)]),
        lambda lib, x: _parts(lib, [p.transpose(0, 2) for p in x.chunk(2, dim=-1)]),
        lambda lib, x: _parts(lib, lib.chunk(x, 7)),
        lambda lib, x: x.tril(),
        lambda lib, x: lib.tril(x, diagonal=-1),
        lambda lib, x: x.triu(2),
        lambda lib, x: lib.triu(x[0], -7),
        lambda lib, x: x.topk(2).values,
        lambda lib, x: lib.topk(x, 3, dim=1, largest=False)[0],
        lambda lib, x: x.topk(4, 1)[0] * x,
        lambda lib, x: x[None, :, :1, :1].squeeze((0, 2)),
        lambda lib, x: x[:, :1].squeeze((1, -1)),
        lambda lib, x: x.clamp(x.detach()[0] * 0.5, lib.tensor(1.0)),
        lambda lib, x: x.clamp(min=x[:1] / 2),
        lambda lib, x: x.clamp(max=x[1] / 2),
        lambda lib, x: x.clamp(x[0] + 1, x[1]),  # where min exceeds max, max is taken
        lambda lib, x: x.clamp(x.detach(), x.detach()),
        lambda lib, x: lib.softmax(x, 1, dtype=lib.float64).to(lib.float32),
        lambda lib, x: x.log_softmax(0, dtype=lib.float64).to(lib.float32),
        lambda lib, x: lib.sigmoid(lib.relu(x)),
        lambda lib, x: lib.zeros_like(x) + lib.ones_like(x) * x,
    ],
)
def test_values_and_gradients_are_torchs(f: Callable[[Any, Any], Any]) -> None:
    results = []
    for lib in (dl, torch):
        x = lib.tensor(X, requires_grad=True)
        y = f(lib, x)
        weight = lib.arange(y.numel()).reshape(y.shape) / y.numel()
        (y * weight).masked_fill(~(y.detach() > -1e30), 0.0).sum().backward()
        results.append((y.detach().numpy(), x.grad.numpy()))
    for ours, theirs in zip(*results, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6, strict=True)


@pytest.mark.parametrize("largest", [True, False])
def test_the_largest_stand_where_torch_finds_them(largest: bool) -> None:
    ours = dl.topk(dl.tensor(X), 3, 1, largest)
    theirs = torch.topk(torch.tensor(X), 3, 1, largest)
    np.testing.assert_array_equal(ours.indices.numpy(), theirs.indices.numpy(), strict=True)
    values = dl.tensor(TIES).topk(4, largest=largest).values
    expected = torch.tensor(TIES).topk(4, largest=largest).values
    np.testing.assert_array_equal(values.numpy(), expected.numpy())


def test_of_equal_elements_the_first_comes_first() -> None:
    assert dl.tensor([2.0, 5.0, 5.0, 5.0]).topk(3).indices.tolist() == [1, 2, 3]
    assert dl.tensor([7, 2, 2]).topk(2, largest=False).indices.tolist() == [1, 2]


@pytest.mark.parametrize("bound", [np.nan, -np.inf, np.inf])
def test_bounds_that_are_no_numbers(bound: float) -> None:
    for name in ("min", "max"):
        ours = dl.tensor(TIES).clamp(**{name: dl.tensor(np.float32(bound))})
        theirs = torch.tensor(TIES).clamp(**{name: torch.tensor(np.float32(bound))})
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


def test_what_is_made_alike_has_the_dtype_of_its_model() -> None:
    for name in ("zeros_like", "ones_like"):
        for array in (X, X.astype(np.float64), np.arange(3), X > 0):
            ours = getattr(dl, name)(dl.tensor(array)).numpy()
            theirs = getattr(torch, name)(torch.tensor(array)).numpy()
            np.testing.assert_array_equal(ours, theirs, strict=True)
        assert getattr(dl, name)(dl.tensor([1, 2]), dtype=np.float32).dtype == np.float32


def test_a_single_integer_counts() -> None:
    for lib in (dl, torch):
        n = lib.tensor(2)
        assert list(range(n)) == [0, 1]
        assert "abc"[n] == "c"
        assert np.arange(5)[lib.tensor([1, 3])].tolist() == [1, 3]
    for x in (dl.tensor(2.0), dl.tensor([1, 2]), dl.tensor([1]), dl.tensor(True)):
        with pytest.raises(TypeError, match=r"expected a single integer.* x\.item\(\)"):
            operator.index(x)


def test_classes_are_counted_where_their_number_is_not_given() -> None:
    labels = np.array([[0, 3], [1, 1]])
    ours, theirs = F.one_hot(labels), torch.nn.functional.one_hot(torch.tensor(labels))
    np.testing.assert_array_equal(ours.numpy(), theirs.numpy(), strict=True)
    with pytest.raises(ValueError, match="cannot be told from no index"):
        F.one_hot(dl.tensor(np.zeros(0, int)))


@pytest.mark.parametrize("replacement", [True, False])
def test_indices_are_drawn_as_often_as_their_weights_say(replacement: bool) -> None:
    weights = np.array([0.0, 1.0, 2.0, 0.0, 5.0, 0.0], np.float32)
    rows = np.tile(weights, (20_000, 1))
    ours = dl.multinomial(rows, 2, replacement, rng=np.random.default_rng(0)).numpy()
    theirs = torch.multinomial(
        torch.tensor(rows), 2, replacement, generator=torch.Generator().manual_seed(0)
    ).numpy()
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    for column in (0, 1):
        shares = [np.bincount(draw[:, column], minlength=6) / 20_000 for draw in (ours, theirs)]
        np.testing.assert_allclose(shares[0], shares[1], atol=0.015)  # four standard errors
        assert not shares[0][weights == 0].any()
    np.testing.assert_allclose(
        np.bincount(ours[:, 0], minlength=6) / 20_000, weights / 8, atol=0.01
    )


def test_draws_are_repeated_by_their_generator() -> None:
    weights = dl.tensor([1.0, 2.0, 3.0])
    draws = [
        dl.multinomial(weights, 5, replacement=True, rng=np.random.default_rng(3)).tolist()
        for _ in range(2)
    ]
    dl.seed(4)
    first = dl.multinomial(weights, 3).tolist()
    dl.seed(4)
    assert draws[0] == draws[1]
    assert dl.multinomial(weights, 3).tolist() == first
    assert sorted(first) == [0, 1, 2]
    extreme = dl.tensor([1e-38, 1e38, 3e38])
    assert max(dl.multinomial(extreme, 50, replacement=True).tolist()) <= 2


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: x.masked_fill(x, 0.0), TypeError, "mask: expected booleans, got float32"),
        (lambda x: x.masked_fill(x > 0, x[0]), ValueError, r"value: .* use where\(mask, value, x"),
        (lambda x: (x > 0).masked_fill(x > 0, 0.5), TypeError, "0.5 cannot stand among bool"),
        (lambda x: x.split([1, 1]), ValueError, r"sizes that sum to 3, got \[1, 1\]"),
        (lambda x: x.split(0), ValueError, "split_size: expected at least 1, got 0"),
        (lambda x: x.chunk(0), ValueError, "chunks: expected at least 1, got 0"),
        (lambda x: x[0].tril(), ValueError, r"tril: expected at least two axes, got shape \(4,\)"),
        (lambda x: x.topk(5), ValueError, "k: expected from 0 to 4, the length of axis -1, got 5"),
        (lambda x: x.squeeze((0, 2)), IndexError, "dim: expected from -2 to 1, got 2"),
        (lambda x: dl.multinomial(-x, 1), ValueError, "finite weights from 0 up; softmax"),
        (lambda x: dl.multinomial(x / 0, 1), ValueError, "finite weights"),
        (lambda x: dl.multinomial(x, 5), ValueError, "at least 5 weights above 0 .* replacement="),
        (lambda x: dl.multinomial(x * 0, 1, True), ValueError, "at least 1 weights above 0"),
        (lambda x: dl.multinomial(x, 0), ValueError, "at least one sample, got shape"),
    ],
)
def test_wrong_use_says_what_to_do(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message), np.errstate(all="ignore"):
        call(dl.ones(3, 4))


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x.masked_fill(x > 0.2, 0.0) ** 2,
        lambda x: x.split([1, 2])[1] ** 2,
        lambda x: x.chunk(2, dim=1)[0] ** 2,
        lambda x: x.tril() ** 2 + x.triu(1) ** 3,
        lambda x: x.topk(2).values ** 2,
        lambda x: x.clamp(x[0] / 2, x[1] ** 2) ** 2,
    ],
)
def test_derivatives_of_either_mode_and_order(f: Callable[[Any], Any]) -> None:
    x = dl.tensor(X[:, :, 0].astype(np.float64), requires_grad=True)
    assert dl.gradcheck(f, x)
    assert dl.gradgradcheck(f, x)
    direction = np.arange(12.0).reshape(3, 4)
    out, slope = dl.forward.jvp(f, x.detach(), direction)
    weight = np.cos(np.arange(out.numel())).reshape(out.shape)
    (pulled,) = dl.grad(f(x), x, grad_outputs=weight)
    assert (slope.numpy() * weight).sum() == pytest.approx((pulled.numpy() * direction).sum())
