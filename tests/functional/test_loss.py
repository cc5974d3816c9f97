"""Losses beside torch's: values and gradients, in every option."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as TF

import dlcore as dl
import dlcore.functional as F
from dlcore.forward import jvp

RNG = np.random.default_rng(0)
REDUCTIONS = ["mean", "sum", "none"]
X, Y = RNG.normal(size=(6, 4)), RNG.normal(size=(6, 4))
P, T = RNG.uniform(0.05, 0.95, (6, 4)), RNG.integers(0, 2, (6, 4)).astype(float)
W = RNG.uniform(0.5, 2.0, (6, 4))
LOG_P, Q = np.log(RNG.dirichlet(np.ones(4), 6)), RNG.dirichlet(np.ones(4), 6)
Q[0] = [1, 0, 0, 0]
CLASSES, CLASS_WEIGHT = np.array([0, 3, 1, 1, 2, 0]), np.array([1.0, 0.5, 2.0, 3.0])
IMAGES, PIXELS = RNG.normal(size=(2, 4, 3, 2)), RNG.integers(0, 4, (2, 3, 2))
PIXELS[0, 0, 0] = 1


def _compare(name: str, inputs: list[Any], options: dict[str, Any]) -> None:
    """Call ours and torch's on the same arrays and compare results and gradients."""
    ours = [dl.tensor(a, requires_grad=i == 0) for i, a in enumerate(inputs)]
    theirs = [torch.tensor(a, requires_grad=i == 0) for i, a in enumerate(inputs)]
    arrays = {k: v for k, v in options.items() if isinstance(v, np.ndarray)}
    got = getattr(F, name)(*ours, **options)
    reference = REFERENCES.get(name, getattr(TF, name, None))
    want = reference(*theirs, **(options | {k: torch.tensor(v) for k, v in arrays.items()}))
    np.testing.assert_allclose(got.data, want.detach().numpy(), rtol=1e-10, atol=1e-12)
    u = RNG.uniform(0.5, 1.5, got.shape)
    (g,) = dl.grad(got, ours[0], dl.Tensor(u))
    (expected,) = torch.autograd.grad(want, theirs[0], torch.tensor(u))
    np.testing.assert_allclose(g.data, expected.numpy(), rtol=1e-9, atol=1e-12)


def _focal(x: Any, t: Any, alpha: float = 0.25, gamma: float = 2, reduction: str = "none") -> Any:
    """The formula of the paper, written out in torch."""
    p = torch.sigmoid(x)
    right = t * p + (1 - t) * (1 - p)
    balance = t * alpha + (1 - t) * (1 - alpha) if alpha >= 0 else 1
    losses = -balance * (1 - right) ** gamma * torch.log(right)
    return {"none": losses, "mean": losses.mean(), "sum": losses.sum()}[reduction]


REFERENCES = {"sigmoid_focal_loss": _focal}
CASES: list[tuple[str, list[Any], dict[str, Any]]] = [
    ("mse_loss", [X, Y], {}),
    ("l1_loss", [X, Y], {}),
    ("huber_loss", [X, Y], {}),
    ("huber_loss", [X, Y], {"delta": 0.3}),
    ("smooth_l1_loss", [X, Y], {}),
    ("smooth_l1_loss", [X, Y], {"beta": 0.2}),
    ("smooth_l1_loss", [X, Y], {"beta": 0.0}),
    ("binary_cross_entropy", [P, T], {}),
    ("binary_cross_entropy", [P, P], {"weight": W}),
    ("binary_cross_entropy_with_logits", [X, T], {}),
    ("binary_cross_entropy_with_logits", [50 * X, T], {}),
    ("binary_cross_entropy_with_logits", [X, P], {"weight": W, "pos_weight": CLASS_WEIGHT}),
    ("kl_div", [LOG_P, Q], {}),
    ("kl_div", [LOG_P, np.log(P)], {"log_target": True}),
    ("cosine_embedding_loss", [X, Y, np.array([1, -1, 1, -1, -1, 1])], {"margin": 0.1}),
    ("cosine_embedding_loss", [X[0], Y[0], np.array(1)], {}),
    ("nll_loss", [LOG_P, CLASSES], {}),
    ("nll_loss", [LOG_P, CLASSES], {"weight": CLASS_WEIGHT, "ignore_index": 1}),
    ("nll_loss", [IMAGES, PIXELS], {"weight": CLASS_WEIGHT, "ignore_index": 1}),
    ("cross_entropy", [X, CLASSES], {}),
    ("cross_entropy", [X[0], np.array(2)], {}),
    ("cross_entropy", [X, CLASSES], {"weight": CLASS_WEIGHT, "ignore_index": 1}),
    ("cross_entropy", [X, CLASSES], {"label_smoothing": 0.1}),
    (
        "cross_entropy",
        [X, CLASSES],
        {"weight": CLASS_WEIGHT, "label_smoothing": 0.2, "ignore_index": 0},
    ),
    ("cross_entropy", [IMAGES, PIXELS], {"weight": CLASS_WEIGHT, "label_smoothing": 0.1}),
    ("cross_entropy", [X, Q], {}),
    ("cross_entropy", [X, Q], {"weight": CLASS_WEIGHT, "label_smoothing": 0.1}),
    ("sigmoid_focal_loss", [X, T], {}),
    ("sigmoid_focal_loss", [X, T], {"alpha": -1, "gamma": 1.5}),
]


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides:UserWarning")  # torch's, on kl_div
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c[0]}-{'-'.join(c[2])}")
def test_value_and_gradient_equal_torch(case: Any, reduction: str) -> None:
    name, inputs, options = case
    _compare(name, inputs, options | {"reduction": reduction})


def test_batchmean_is_the_divergence_itself() -> None:
    _compare("kl_div", [LOG_P, Q], {"reduction": "batchmean"})


def test_cosine_similarity_equals_torch_and_bears_zeros() -> None:
    got = F.cosine_similarity(dl.tensor(X), dl.tensor(Y))
    np.testing.assert_allclose(got.data, TF.cosine_similarity(torch.tensor(X), torch.tensor(Y)))
    zero = dl.tensor(np.zeros((1, 3)), requires_grad=True)
    (g,) = dl.grad(F.cosine_similarity(zero, np.ones((1, 3))).sum(), zero)
    assert np.isfinite(g.data).all()


def test_certain_and_wrong_costs_a_hundred_as_in_torch() -> None:
    p, t = np.array([0.0, 1.0]), np.array([1.0, 0.0])
    assert F.binary_cross_entropy(dl.tensor(p), t, reduction="none").tolist() == [100.0, 100.0]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_certain_probabilities_have_torchs_cost_and_a_slope(dtype: str) -> None:
    p, t = np.array([0.0, 1.0, 0.0, 1.0, 0.25, 1e-30], dtype), np.array([1, 0, 0, 1, 1, 1], dtype)
    ours, theirs = dl.tensor(p, requires_grad=True), torch.tensor(p, requires_grad=True)
    loss = F.binary_cross_entropy(ours, t, reduction="none")
    expected = TF.binary_cross_entropy(theirs, torch.tensor(t), reduction="none")
    np.testing.assert_allclose(loss.detach().data, expected.detach().numpy(), rtol=1e-6)
    loss.sum().backward()
    expected.sum().backward()
    assert ours.grad is not None
    assert theirs.grad is not None
    wrong_or_open = [0, 1, 4]  # at 0 and 1, torch has no slope for what is right
    np.testing.assert_allclose(
        ours.grad.data[wrong_or_open], theirs.grad.numpy()[wrong_or_open], rtol=1e-5
    )


def test_the_gradient_of_cross_entropy_is_softmax_minus_target() -> None:
    scores = dl.tensor(X, requires_grad=True)
    (g,) = dl.grad(F.cross_entropy(scores, CLASSES, reduction="sum"), scores)
    expected = F.softmax(scores, 1).data - F.one_hot(CLASSES, 4).data
    np.testing.assert_allclose(g.data, expected, atol=1e-15)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.mse_loss(dl.ones(3, 1), dl.ones(3)), ValueError, r"\(3, 1\) and \(3,\)"),
        (lambda: F.mse_loss(dl.ones(3), dl.ones(3), "avg"), ValueError, "reduction: expected"),
        (lambda: F.cross_entropy(dl.ones(2, 3), [0]), ValueError, r"target must have shape \(2,\)"),
        (lambda: F.cross_entropy(dl.ones(2, 3), [0, 3]), ValueError, "between 0 and 2"),
        (lambda: F.cross_entropy(dl.ones(2, 3), [-1, 0]), ValueError, "between 0 and 2"),
        (lambda: F.cross_entropy(dl.ones(2, 3), [0.0, 1.0]), ValueError, "must be integers"),
        (lambda: F.cross_entropy(dl.tensor(1.0), [0]), ValueError, "needs an axis of classes"),
        (lambda: F.cross_entropy(dl.ones(1, 3), [-100]), ValueError, "no example counts"),
        (
            lambda: F.cross_entropy(dl.ones(1, 3), [0], weight=np.ones(2)),
            ValueError,
            r"weight: expected shape \(3,\), got \(2,\)",
        ),
        (
            lambda: F.cross_entropy(dl.ones(1, 3), [0], label_smoothing=2.0),
            ValueError,
            "label_smoothing: expected a number from 0 to 1",
        ),
        (lambda: F.smooth_l1_loss(dl.ones(2), dl.ones(1)), ValueError, "smooth_l1_loss: input and"),
        (lambda: F.huber_loss(dl.ones(1), dl.ones(1), delta=0), ValueError, "delta: expected"),
        (lambda: F.smooth_l1_loss(dl.ones(1), dl.ones(1), beta=-1), ValueError, "beta: expected"),
        (
            lambda: F.binary_cross_entropy(dl.tensor([2.0]), dl.ones(1)),
            ValueError,
            "for scores use binary_cross_entropy_with_logits",
        ),
        (
            lambda: F.cosine_embedding_loss(dl.ones(1, 2), dl.ones(1, 2), [0]),
            ValueError,
            "1 and -1 alone",
        ),
    ],
)
def test_wrong_input_gets_a_clear_error(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()


INF, NAN = np.inf, np.nan
CLOSED = np.array([[2, -INF, 0.5], [0.1, 0.2, -INF]])  # classes that are ruled out
BLANK = np.array([[2, 1, 0.5], [NAN, 0.2, 0.1]])  # an example that is ignored


@pytest.mark.parametrize(
    ("scores", "options", "loss"),
    [
        (CLOSED, {"target": [0, 1], "weight": [1.0, 2.0, 3.0]}, 0.4967),
        (CLOSED, {"target": [0, -100]}, 0.2014),
        (CLOSED, {"target": [0, 1]}, 0.4229),
        (CLOSED, {"target": np.array([[1, 0, 0], [0.5, 0.5, 0]])}, 0.4479),
        (CLOSED.T[None], {"target": [[0, 1]]}, 0.4229),
        (BLANK, {"target": [0, -100]}, 0.4644),
        (BLANK, {"target": [0, -100], "weight": [1.0, 2.0, 3.0]}, 0.4644),
        (BLANK, {"target": [0, -100], "label_smoothing": 0.1}, 0.5477),
        (BLANK.T[None], {"target": [[0, -100]]}, 0.4644),
    ],
)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_what_does_not_count_reaches_neither_loss_nor_slope(
    scores: Any, options: Any, loss: float, dtype: str
) -> None:
    x = dl.tensor(scores, dtype=dtype, requires_grad=True)
    got = F.cross_entropy(x, **options)
    assert got.item() == pytest.approx(loss, abs=1e-3 if dtype == "float16" else 1e-4)
    (g,) = dl.grad(got, x)
    assert np.isfinite(g.data).all()
    assert not g.data[~np.isfinite(scores)].any()
    if "label_smoothing" not in options and np.ndim(options["target"]) < 3 and scores is BLANK:
        log_p = F.log_softmax(x, 1)
        assert F.nll_loss(log_p, **options).item() == pytest.approx(loss, abs=1e-3)


def test_a_class_that_is_ruled_out_has_curvatures_and_tangents() -> None:
    x = dl.tensor(CLOSED, requires_grad=True)
    target = np.array([[1, 0, 0], [0.5, 0.5, 0]])
    (g,) = dl.grad(F.cross_entropy(x, target), x, create_graph=True)
    (curvature,) = dl.grad((g * g).sum(), x)
    assert np.isfinite(curvature.data).all()
    _, tangent = jvp(
        lambda x: F.cross_entropy(x, target), (x.detach(),), (dl.ones(2, 3).to(float),)
    )
    assert tangent.item() == pytest.approx(0)


def test_a_class_of_probability_zero_adds_nothing_to_a_divergence() -> None:
    assert F.kl_div(dl.tensor([-INF, 0.0]), dl.tensor([0.0, 1.0])).item() == 0


def test_cosines_of_vectors_that_broadcast_along_their_own_axis() -> None:
    a, b = np.array([[[1.0], [2.0]]]), np.array([[[3.0]], [[4.0]]])
    want = TF.cosine_similarity(torch.tensor(a), torch.tensor(b), dim=1)
    np.testing.assert_allclose(F.cosine_similarity(a, b, dim=1).data, want.numpy())


def test_a_sigmoid_far_on_the_left_still_learns() -> None:
    x = dl.tensor([-20.0], requires_grad=True)
    loss = F.binary_cross_entropy(F.sigmoid(x), dl.tensor([1.0]))
    assert loss.item() == pytest.approx(20)
    assert dl.grad(loss, x)[0].item() == pytest.approx(-1)


@pytest.mark.parametrize("loss", [F.huber_loss, F.smooth_l1_loss])
def test_an_infinite_error_has_the_slope_of_the_line(loss: Any) -> None:
    x = dl.tensor([INF, -INF, 0.5], requires_grad=True)
    (g,) = dl.grad(loss(x, dl.zeros(3), reduction="sum"), x)
    np.testing.assert_allclose(g.data, [1, -1, 0.5])


def test_a_mean_within_the_range_of_float16_does_not_overflow() -> None:
    half = {"dtype": "float16"}
    got = F.mse_loss(dl.tensor([300.0, 0, 0, 0], **half), dl.zeros(4, **half))
    assert got.data == np.float16(22500)
    assert got.dtype == np.float16
    scores = dl.tensor([[-60.0, 60.0]] * 2000, **half)
    assert F.cross_entropy(scores, [0] * 2000).item() == 120
