"""The parts of mydl.py joined: their order, whose they are, and that they work without dlcore."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import dlcore as dl
from dlcore import data
from dlcore.grade.builds.joining import LENT, Build, join, parts, plain_source

TAPE = Build("6.2", "Your tape", ("Function", "Tensor"))
MEAN = Build("1.3", "Your mean", ("NearestMean", "Linear"))
LATER = Build("20.1", "Your own words", ("Words",))


def made(own: dict[str, str] | None = None, builds: tuple[Build, ...] = (TAPE, MEAN)) -> str:
    return join(parts(builds), own or {}).text


def names_of(text: str) -> SimpleNamespace:
    """Run the file as a module, without its programme."""
    space: dict[str, Any] = {"__name__": "mydl", "__file__": "mydl.py"}
    exec(compile(text, "mydl.py", "exec"), space)
    return SimpleNamespace(**space)


def test_parts_stand_in_the_order_in_which_they_need_each_other() -> None:
    found = [part.where for part in parts([LATER, MEAN, TAPE]) if part.where]
    assert found == [
        "exercise 6.2",
        "exercise 1.3",
        "chapter 2",
        "chapter 3",
        "chapter 4",
        "chapter 5",
        "chapter 7",
        "chapter 8",
        "chapter 9",
        "chapter 10",
        "chapter 11",
        "chapter 12",
        "chapter 13",
        "chapter 15",
        "chapter 16",
        "chapter 17",
        "exercise 20.1",
    ]


def test_the_file_imports_numpy_and_nothing_else_that_is_not_pythons() -> None:
    tree = ast.parse(made())
    found = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    found |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in found} - {*sys.stdlib_module_names} == {"numpy"}


def test_a_build_that_passed_stands_in_the_place_of_what_is_lent() -> None:
    text = made({"1.3": "class NearestMean:\n    mine = 1\n\nclass Linear:\n    mine = 2"})
    assert "# Yours: exercise 1.3: NearestMean, Linear.\n\n\nclass NearestMean:\n    mine" in text
    assert "# Borrowed from the book: exercise 6.2: Function, Tensor." in text
    head = ast.get_docstring(ast.parse(text)) or ""
    assert "Yours:\n- exercise 1.3: NearestMean, Linear\n\nBorrowed from the book" in head
    built = (
        "6.2: Function, Tensor\n- chapter 2: Batches\n- chapter 3: CrossEntropy\n"
        "- chapter 4: MatMul\n- chapter 5"
    )
    lent = "- chapter 7: Activation\n- chapter 8: AdamW\n"
    lent += "- chapter 9: Dropout, roc_curve, roc_auc\n- chapter 10"
    assert f"- exercise {built}: Perceptron\n{lent}" in head
    assert text.count("class NearestMean") == 1


def test_a_later_build_is_taken_or_named_as_not_built_yet() -> None:
    builds = (TAPE, MEAN, LATER)
    assert "Not built yet:\n- exercise 20.1: Words\n" in made({}, builds)
    text = made({"20.1": "class Words(nn.Module):\n    pass"}, builds)
    assert "Not built yet" not in text
    assert issubclass(names_of(text).Words, names_of(text).Module) is False  # one run, one Module
    found = names_of(text)
    assert issubclass(found.Words, found.Module)


def test_a_build_that_covers_less_leaves_what_is_lent() -> None:
    half = Build("1.2", "Half", ("Half",))
    assert [p.where for p in parts([half]) if p.where][1:3] == ["chapter 1", "exercise 1.2"]
    assert "class Linear" in join(parts([half]), {"1.2": "class Half:\n    pass"}).text


@pytest.mark.parametrize(
    ("extra", "names"),
    [("def main():\n    pass", "main"), ("np = 3\nsys: int = 4", "np, sys"), ("x = np.pi", "")],
)
def test_a_build_that_would_hide_a_part_is_not_taken(extra: str, names: str) -> None:
    own = {"1.3": f"class NearestMean:\n    mine = 1\nclass Linear:\n    mine = 2\n{extra}"}
    joined = join(parts([TAPE, MEAN]), own)
    assert joined.clashes == ({"1.3": names} if names else {})
    assert joined.own == (() if names else ("1.3",))
    assert ("mine = 1" in joined.text) == (not names)


def test_of_two_builds_with_one_name_the_first_is_taken() -> None:
    sorted_out = Build("10.2", "Scale", ("Standardise",))
    own = {"1.3": "def helper():\n    pass", "10.2": "def helper():\n    pass"}
    joined = join(parts([MEAN, sorted_out]), own)
    assert (joined.own, joined.clashes) == (("1.3",), {"10.2": "helper"})


def test_marks_of_a_solution_and_line_ends_of_windows_are_left_out() -> None:
    source = "\r\nclass A:\r\n    ### BEGIN SOLUTION\r\n    b = 1\r\n    ### END SOLUTION\r\n"
    assert plain_source(source) == "class A:\n    b = 1"


# The plain parts, held against dlcore -----------------------------------------------------------

X = np.random.default_rng(0).uniform(0.5, 2.0, (2, 3, 4))
Y = np.random.default_rng(1).uniform(0.5, 2.0, (3, 1))
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda x, y: x + y + 1.0 + np.ones(4),
    "add from the left": lambda x, y: np.ones(4) + (2.0 + x),
    "subtract": lambda x, y: x - y - 1.0,
    "subtract from the left": lambda x, y: np.ones(4) - (2.0 - x),
    "times": lambda x, y: x * y * 2.0,
    "divide": lambda x, y: x / y / 2.0,
    "divide from the left": lambda x, y: 3.0 / x,
    "negative": lambda x, y: -x,
    "power": lambda x, y: x**3 + x**0.5,
    "product": lambda x, y: x.transpose(1, 2) @ y,
    "product with a batch": lambda x, y: x @ x.mT,
    "product of a batch with one": lambda x, y: x @ x[0].T,
    "product of one with a batch": lambda x, y: np.ones((5, 3)) @ x,
    "product with an axis of one": lambda x, y: x.reshape(2, 1, 3, 4) @ x.mT,
    "exp": lambda x, y: x.exp(),
    "log": lambda x, y: x.log(),
    "sqrt": lambda x, y: x.sqrt(),
    "tanh": lambda x, y: x.tanh(),
    "relu": lambda x, y: (x - 1.0).relu(),
    "sum": lambda x, y: x.sum(),
    "sum of an axis": lambda x, y: x.sum(1) * x.sum((0, 1)),
    "sum that keeps": lambda x, y: x / x.sum(-1, True),
    "mean": lambda x, y: x.mean() + x.mean(2, True),
    "largest": lambda x, y: x - x.amax(-1, True),
    "reshape": lambda x, y: x.reshape(6, 4) @ x.reshape((4, 6)),
    "permute": lambda x, y: x.permute(2, 0, 1) * x.permute(2, 0, 1).exp(),
    "item": lambda x, y: x[:, 1] + x[0, [0, 0], 1].sum(),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_have_the_values_and_slopes_of_dlcore(name: str) -> None:
    mydl = names_of(made())
    found = []
    for Tensor in (mydl.Tensor, dl.Tensor):
        x, y = Tensor(X, requires_grad=True), Tensor(Y, requires_grad=True)
        out = OPERATORS[name](x, y)
        (out * out).sum().backward()
        grads = [
            0.0 if z.grad is None else np.asarray(getattr(z.grad, "data", z.grad)) for z in (x, y)
        ]
        found.append([out.data, *grads])
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=1e-10)


def test_convolution_that_is_lent_is_that_of_dlcore() -> None:
    mydl, rng = names_of(made()), np.random.default_rng(3)
    arrays = [rng.normal(size=shape) for shape in ((2, 3, 6, 5), (4, 3, 3, 2), (4,))]
    found = []
    for Tensor, convolve in (
        (mydl.Tensor, mydl.Convolve.apply),
        (dl.Tensor, dl.functional.conv2d),
    ):
        inputs = [Tensor(array, requires_grad=True) for array in arrays]
        out = convolve(*inputs)
        (out * out).sum().backward()
        found.append([out.data, *(np.asarray(getattr(z.grad, "data", z.grad)) for z in inputs)])
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10)


def test_every_product_of_tensors_is_that_of_the_build() -> None:
    product = Build("4.9", "Your product", ("MatMul",))
    own = "class MatMul(dl.Function):\n    def forward(ctx, x, y):\n        return x @ y + 1000"
    mydl = names_of(made({"4.9": own}, (TAPE, MEAN, product)))
    two, three = mydl.Tensor([[2.0]]), np.array([[3.0]])
    assert [float(out.data.item()) for out in (two @ two, two @ three, three @ two)] == [
        1004,
        1006,
        1006,
    ]


def test_perceptron_that_is_lent_makes_the_mistakes_of_rosenblatts_rule() -> None:
    x = np.random.default_rng(5).uniform(-1, 1, (60, 2))
    y = (x.sum(axis=1) > 0.3).astype(int)
    model = names_of(made()).Perceptron(2, 2)
    found = [sum(model.nudge(*one) for one in zip(x, y, strict=True)) for _ in range(100)]
    theirs = dl.models.Perceptron(2).fit(x, y, max_passes=100)
    assert found[: len(theirs)] == theirs
    assert sum(found[len(theirs) :]) == 0
    again = names_of(made()).Perceptron(2, 2).fit(x, y, np.random.default_rng(0), passes=100)
    assert (again.predict(x) == y).mean() > 0.95


def test_loss_that_is_lent_is_that_of_dlcore_and_does_not_overflow() -> None:
    mydl, rng = names_of(made()), np.random.default_rng(6)
    scores, truth = rng.normal(size=(5, 4)), rng.dirichlet(np.ones(4), size=5)
    logits = mydl.Tensor(scores, requires_grad=True)
    loss = mydl.CrossEntropy.apply(logits, truth)
    (loss * 3.0).backward()
    theirs = dl.Tensor(scores, requires_grad=True)
    out = -(dl.Tensor(truth) * dl.functional.log_softmax(theirs, dim=1)).sum() / 5
    (out * 3.0).backward()
    assert float(loss.data) == pytest.approx(out.item(), rel=1e-12)
    assert theirs.grad is not None
    np.testing.assert_allclose(logits.grad, theirs.grad.data, rtol=1e-10)
    far = mydl.CrossEntropy.apply(np.array([[1000.0, 0.0]]), np.array([[0.0, 1.0]]))
    assert float(far.data) == 1000


def test_dropout_that_is_lent_acts_in_training_alone_and_keeps_the_mean() -> None:
    mydl, rng = names_of(made()), np.random.default_rng(7)
    dropout, x = mydl.Dropout(0.75, rng), np.full((200, 50), 3.0)
    out = dropout(mydl.Tensor(x)).data
    assert set(np.unique(out)) == {0.0, 12.0}
    assert out.mean() == pytest.approx(3.0, abs=0.2)  # four standard errors
    assert (dropout(mydl.Tensor(x)).data != out).any()
    np.testing.assert_array_equal(dropout.eval()(mydl.Tensor(x)).data, x)


def test_the_network_learns_with_dropout_and_reads_without() -> None:
    mydl, rng = names_of(made()), np.random.default_rng(8)
    net, x = mydl.DigitsByConvolution(rng), mydl.Tensor(rng.normal(size=(9, 64)))
    assert (net(x).data != net(x).data).any()
    mydl.learn_digits(net, x.data, np.arange(9), rng, epochs=1)
    assert not net.dropout.training
    assert not net.block.training
    np.testing.assert_array_equal(net(x).data, net(x).data)
    net.train()
    assert net.dropout.training


@pytest.mark.parametrize("levels", [2, 5, 1000])
def test_roc_that_is_lent_is_that_of_dlcore_on_tied_scores(levels: int) -> None:
    mydl, rng = names_of(made()), np.random.default_rng(9)
    y, score = rng.integers(0, 2, 80), rng.integers(0, levels, 80) / levels
    fpr, tpr, _ = dl.metrics.roc_curve(y, score, drop_intermediate=False)
    np.testing.assert_allclose(mydl.roc_curve(y, score), (fpr, tpr))
    assert mydl.roc_auc(y, score) == pytest.approx(dl.metrics.roc_auc_score(y, score), rel=1e-12)
    with pytest.raises(ValueError, match="both classes"):
        mydl.roc_auc(np.ones(3), np.arange(3))


def test_block_of_attention_that_is_lent_has_right_slopes_and_hides_what_is_masked() -> None:
    mydl, rng = names_of(made()), np.random.default_rng(4)
    block = mydl.AttentionBlock(8, 2, 16, rng)
    assert len(list(block.parameters())) == 6
    words = rng.normal(size=(2, 5, 8))
    later = np.triu(np.ones((5, 5), dtype=bool), k=1)

    def total(array: Any) -> Any:
        return (block(mydl.Tensor(array), later) ** 2).sum()

    x = mydl.Tensor(words, requires_grad=True)
    (block(x, later) ** 2).sum().backward()
    step = rng.normal(size=words.shape)
    slope = (total(words + 1e-6 * step).data - total(words - 1e-6 * step).data) / 2e-6
    assert (x.grad * step).sum() == pytest.approx(slope, rel=1e-6)
    changed = words.copy()
    changed[:, 3:] = 9.0
    before, after = block(mydl.Tensor(words), later).data, block(mydl.Tensor(changed), later).data
    np.testing.assert_allclose(after[:, :3], before[:, :3], rtol=1e-10)


def test_residual_block_that_is_lent_is_made_of_dlcores_layers_and_has_their_slopes() -> None:
    mydl, rng = names_of(made()), np.random.default_rng(12)
    block, x = mydl.ResidualBlock(3, rng), rng.normal(0.5, 2.0, (4, 3, 5, 6))
    theirs = {
        name: dl.tensor(value.data) for name, value in vars(block).items() if name[-1] in "12"
    }
    assert len(theirs) == len(list(block.parameters())) == 6
    for name, parameter in theirs.items():
        value = rng.normal(1.0, 0.4, parameter.shape)
        getattr(block, name).data[...] = parameter.data[...] = value
        parameter.requires_grad = True

    def bent(x: dl.Tensor, place: str) -> dl.Tensor:
        scale, shift = (theirs[name + place].flatten() for name in ("scale", "shift"))
        out = dl.functional.batch_norm(x, None, None, weight=scale, bias=shift, training=True)
        maps = dl.functional.relu(out)
        return dl.functional.conv2d(maps, theirs["weight" + place], padding=1)

    out, inputs = block(mydl.Tensor(x)), dl.tensor(x)
    expected = inputs + bent(bent(inputs, "1"), "2")
    np.testing.assert_allclose(out.data, expected.data, rtol=1e-10)
    (out * out).sum().backward()
    (expected * expected).sum().backward()
    for name, parameter in theirs.items():
        assert parameter.grad is not None
        np.testing.assert_allclose(getattr(block, name).grad, parameter.grad.data, rtol=1e-8)


def test_residual_block_that_is_lent_reads_by_its_running_averages() -> None:
    mydl, rng = names_of(made()), np.random.default_rng(13)
    block, batches = mydl.ResidualBlock(2, rng), rng.normal(3.0, 2.0, (200, 30, 2, 4, 4))
    for batch in batches:
        block(mydl.Tensor(batch))
    mean, var = block.seen["1"]
    np.testing.assert_allclose(mean.ravel(), 3.0, atol=0.3)
    np.testing.assert_allclose(var.ravel(), 4.0, atol=0.4)
    block.eval()
    whole = block(mydl.Tensor(batches[0])).data
    alone = [block(mydl.Tensor(image[None])).data[0] for image in batches[0]]
    np.testing.assert_allclose(alone, whole, rtol=1e-10)
    assert block.seen["1"] == (mean, var)


def test_the_residual_block_stands_between_the_filters_and_the_layers() -> None:
    mine = """class ResidualBlock(nn.Module):
    def __init__(self, channels, rng):
        self.channels = channels

    def forward(self, x):
        self.read = x.data
        return x + np.arange(36.0).reshape(6, 6)"""
    own = names_of(made({"12.13": mine}, (TAPE, MEAN, Build("12.13", "Rope", ("ResidualBlock",)))))
    net, x = own.DigitsByConvolution(np.random.default_rng(14)).eval(), np.arange(128.0) / 128
    scores = net(own.Tensor(x.reshape(2, 64))).data
    filtered = own.Convolve.apply(x.reshape(2, 1, 8, 8), net.filters, net.shifts).data
    assert net.block.channels == 6
    np.testing.assert_array_equal(net.block.read, filtered)
    bent = own.Activation.apply(filtered + np.arange(36.0).reshape(6, 6)).reshape(2, 216)
    expected = net.out(own.Activation.apply(net.hidden(bent))).data
    np.testing.assert_allclose(scores, expected)


def test_cell_that_is_lent_is_that_of_dlcore_and_has_its_slopes() -> None:
    mydl, rng = names_of(made()), np.random.default_rng(13)
    mine, theirs = mydl.Cell(3, 4, rng), dl.nn.RNNCell(3, 4, rng=rng).to(float)
    theirs.weight_ih.data[:], theirs.weight_hh.data[:] = mine.weight_x.data, mine.weight_h.data
    theirs.bias_ih.data[:] = mine.bias.data = rng.normal(size=4)
    theirs.bias_hh.data[:] = 0.0
    x, h = rng.normal(size=(5, 3)), rng.normal(size=(5, 4))
    found = []
    for cell, Tensor in ((mine, mydl.Tensor), (theirs, dl.tensor)):
        new = Tensor(h)
        for _ in range(3):
            new = cell(Tensor(x), new)
        (new * new).sum().backward()
        found.append(new.data)
    np.testing.assert_allclose(*found, rtol=1e-12)
    np.testing.assert_allclose(mine.weight_h.grad, theirs.weight_hh.grad.data, rtol=1e-10)
    np.testing.assert_allclose(mine.weight_x.grad, theirs.weight_ih.grad.data, rtol=1e-10)


def test_the_loop_reads_the_rows_from_the_top_by_the_cell() -> None:
    mine = """class Cell(nn.Module):
    def __init__(self, inputs, hidden, rng):
        self.read = []

    def forward(self, x, h):
        self.read.append(x.data)
        return h + len(self.read)"""
    mydl = names_of(made({"13.13": mine}, (TAPE, MEAN, Build("13.13", "Loop", ("Cell",)))))
    net, x = mydl.DigitsByLoop(np.random.default_rng(7)), np.arange(128.0).reshape(2, 64)
    scores = net(mydl.Tensor(x)).data
    np.testing.assert_array_equal(np.hstack(net.cell.read), x)
    last = np.full((2, 48), sum(range(1, 9)))
    np.testing.assert_allclose(scores, net.out(mydl.Tensor(last)).data)


def test_causal_attention_that_is_lent_is_that_of_dlcore_and_has_its_slopes() -> None:
    mydl, rng = names_of(made()), np.random.default_rng(16)
    mine, theirs = mydl.CausalAttention(8, 2, rng), dl.nn.MultiheadAttention(8, 2, rng=rng)
    theirs.to("float64")
    maps = [mine.query, mine.key, mine.value]
    theirs.in_proj_weight.data[:] = np.concatenate([one.data.T for one in maps])
    theirs.out_proj.weight.data[:] = mine.out.data.T
    x = rng.normal(size=(5, 3, 8))  # dlcore's batch is its second axis
    own, other = mydl.Tensor(x.swapaxes(0, 1), True), dl.tensor(x, requires_grad=True)
    later = np.triu(np.ones((5, 5), dtype=bool), 1)
    out, (expected, _) = mine(own), theirs(other, other, other, attn_mask=later)
    np.testing.assert_allclose(out.data, expected.data.swapaxes(0, 1), rtol=1e-10)
    (out * out).sum().backward()
    (expected * expected).sum().backward()
    assert other.grad is not None
    np.testing.assert_allclose(own.grad, other.grad.data.swapaxes(0, 1), rtol=1e-8)
    grad = theirs.in_proj_weight.grad
    assert grad is not None
    np.testing.assert_allclose(
        np.concatenate([one.grad.T for one in maps]), grad.data, rtol=1e-8, atol=1e-12
    )


def test_letters_are_read_by_the_attention_and_by_no_other_place() -> None:
    mine = """class CausalAttention(nn.Module):
    def __init__(self, embed_dim, num_heads, rng):
        self.read = []

    def forward(self, x):
        self.read.append(x.data)
        return x + x[:, :1]"""
    build = Build("16.12", "Own", ("CausalAttention",))
    mydl = names_of(made({"16.12": mine}, (TAPE, MEAN, build)))
    net = mydl.LettersByAttention(np.random.default_rng(7))
    tokens = np.arange(12).reshape(2, 6)
    scores = net(tokens).data.reshape(2, 6, 49)
    assert net.attention.read[0].shape == (2, 6, 32)
    other = tokens.copy()
    other[1, [0, 3]] = 40
    moved = abs(net(other).data.reshape(2, 6, 49) - scores).max(axis=2)
    np.testing.assert_array_equal(moved > 0, [[False] * 6, [True] * 6])
    other[1, 0] = tokens[1, 0]
    moved = abs(net(other).data.reshape(2, 6, 49) - scores).max(axis=2)
    np.testing.assert_array_equal(moved[1] > 0, [False] * 3 + [True] + [False] * 2)


def test_windows_ask_for_the_next_letter_and_noise_costs_its_full_price() -> None:
    mydl, rng = names_of(made()), np.random.default_rng(17)
    letters, following = mydl.windows_of(np.arange(40), 3)
    assert letters.shape == (2, mydl.WINDOW)
    np.testing.assert_array_equal(letters.ravel(), np.arange(3, 35))
    np.testing.assert_array_equal(following, letters + 1)
    net, noise = mydl.LettersByAttention(rng), rng.integers(49, size=(2, 4000))
    mydl.learn_letters(net, noise[0], rng)
    assert mydl.letter_bits(net, noise[1]) > np.log2(49)


def test_batches_that_are_lent_are_whole_epochs_and_belong_to_whoever_gets_them() -> None:
    x, labels = np.arange(70.0).reshape(35, 2), np.arange(35)
    batches = names_of(made()).Batches(x, labels, 8, np.random.default_rng(5))
    orders = []
    for _ in range(2):
        pairs = list(batches)
        assert [len(digits) for _, digits in pairs] == [8, 8, 8, 8, 3]
        orders.append(np.concatenate([digits for _, digits in pairs]))
        for pixels, digits in pairs:
            np.testing.assert_array_equal(pixels, x[digits])
            pixels[:] = -1.0
    assert len(batches) == 5
    assert sorted(orders[0]) == sorted(orders[1]) == labels.tolist()
    assert (orders[0] != orders[1]).any()
    np.testing.assert_array_equal(x.ravel(), np.arange(70.0))


def test_the_networks_are_fed_by_batches() -> None:
    mine = """class Batches:
    sizes = []

    def __init__(self, x, labels, size, rng):
        self.pair, self.size = (x[:4], labels[:4]), size

    def __iter__(self):
        Batches.sizes.append(self.size)
        yield self.pair"""
    mydl = names_of(made({"2.14": mine}, (TAPE, MEAN, Build("2.14", "Feed", ("Batches",)))))
    rng = np.random.default_rng(6)
    net = mydl.DigitsByConvolution(rng)
    before = net.filters.data
    mydl.learn_digits(net, rng.normal(size=(9, 64)), np.arange(9), rng, epochs=3)
    assert mydl.Batches.sizes == [32, 32, 32]
    assert (net.filters.data != before).any()


def test_activation_that_is_lent_has_right_slopes_and_does_not_overflow() -> None:
    mydl, x = names_of(made()), np.random.default_rng(7).normal(0, 3, (2, 3, 4))
    inputs = mydl.Tensor(x, requires_grad=True)
    (mydl.Activation.apply(inputs) * 3.0).sum().backward()
    up, down = (mydl.Activation.apply(x + step).data for step in (1e-6, -1e-6))
    np.testing.assert_allclose(inputs.grad, 3.0 * (up - down) / 2e-6, atol=1e-8)
    far = mydl.Activation.apply(np.array([-1e6, 0.0, 1e6])).data
    np.testing.assert_allclose(far, [-0.5, 0.0, 1e6 - 0.5], atol=1e-6)


def test_the_network_of_convolutions_is_bent_by_the_activation() -> None:
    mine = """class Activation(dl.Function):
    @staticmethod
    def forward(ctx, x):
        return 0.0 * x

    @staticmethod
    def backward(ctx, grad_out):
        return 0.0 * grad_out"""
    build = Build("7.12", "Bend", ("Activation",))
    mydl = names_of(made({"7.12": mine}, (TAPE, MEAN, build)))
    net = mydl.DigitsByConvolution(np.random.default_rng(7))
    scores = net(mydl.Tensor(np.random.default_rng(8).normal(size=(3, 64)))).data
    np.testing.assert_array_equal(scores, np.zeros((3, 10)))
    lent = names_of(made())
    plain = lent.DigitsByConvolution(np.random.default_rng(7))
    assert plain(lent.Tensor(np.ones((1, 64)))).data.any()


def test_optimiser_that_is_lent_is_that_of_dlcore_and_passes_over_what_has_no_slope() -> None:
    mydl, rng = names_of(made()), np.random.default_rng(8)
    options: dict[str, Any] = {"betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.1}
    start, still = rng.normal(size=(3, 2)), np.ones(4)
    mine, theirs = mydl.Parameter(start), dl.Tensor(start.copy(), requires_grad=True)
    resting = mydl.Parameter(still)
    ours = mydl.AdamW((p for p in (resting, mine)), 0.05, **options)
    other = dl.optim.AdamW([theirs], 0.05, **options)
    for step in range(10):
        ours.lr = other.param_groups[0]["lr"] = 0.05 / (1 + step)
        mine.grad = rng.normal(size=(3, 2))
        theirs.grad = dl.tensor(mine.grad)
        ours.step()
        other.step()
        np.testing.assert_allclose(mine.data, theirs.data, rtol=1e-10)
    np.testing.assert_array_equal(resting.data, still)
    ours.zero_grad()
    assert mine.grad is None


def test_the_networks_are_taught_by_the_optimiser_at_a_rate_that_falls() -> None:
    mine = """class AdamW:
    rates = []

    def __init__(self, parameters, lr):
        self.parameters, self.lr = list(parameters), lr

    def zero_grad(self):
        pass

    def step(self):
        AdamW.rates.append(self.lr)
        self.parameters[0].data = self.parameters[0].data + 1.0"""
    mydl = names_of(made({"8.13": mine}, (TAPE, MEAN, Build("8.13", "Teach", ("AdamW",)))))
    rng = np.random.default_rng(6)
    net = mydl.DigitsByConvolution(rng)
    before = net.filters.data
    mydl.learn_digits(net, rng.normal(size=(9, 64)), np.arange(9), rng, epochs=4, lr=0.4)
    assert mydl.AdamW.rates == pytest.approx([0.4, 0.3, 0.2, 0.1])
    np.testing.assert_allclose(net.filters.data, before + 4.0)


# The programme ------------------------------------------------------------------------------------


def run(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the file where dlcore cannot be imported."""
    code = (
        "import runpy, sys; sys.modules['dlcore'] = None; sys.argv = sys.argv[1:];"
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    command = [sys.executable, "-c", code, str(path), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def mydl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mine") / "mydl.py"
    path.write_text(made(), encoding="utf-8")
    return path


def test_run_without_dlcore_it_learns_to_read_digits(mydl: Path) -> None:
    done = run(mydl, str(data.locate("digits")))
    assert done.returncode == 0, done.stderr
    shares = [float(share) for share in re.findall(r"([\d.]+)%", done.stdout)]
    assert len(shares) == 5
    assert shares[0] > 85
    assert min(shares[1:]) > 92
    areas = [float(area) for area in re.findall(r"ROC ([\d.]+)", done.stdout)]
    assert len(areas) == 3
    assert 0.95 < min(areas) <= max(areas) <= 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no digits could be read"),
        ("1,2,x\n", "no digits could be read"),
        ("1,2,3\n", "expected rows of 64 pixels"),
        ("17," * 64 + "1\n", "expected rows of 64 pixels from 0 to 16"),
        ("16," * 64 + "1\n", "1 digits; at least 400 are needed"),
    ],
)
def test_a_file_that_holds_no_digits_is_refused_with_a_sentence(
    mydl: Path, tmp_path: Path, content: str | None, said: str
) -> None:
    path = tmp_path / "digits.csv"
    if content is not None:
        path.write_text(content)
    done = run(mydl, "digits", str(path))
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_it_learns_a_text_letter_by_letter_and_writes(mydl: Path, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(data.load_english()[:45_000].upper())
    done = run(mydl, "text", str(path))
    assert done.returncode == 0, done.stderr
    counted, before, after = map(float, re.findall(r" (\d\.\d\d)$", done.stdout, re.M))
    assert after < 3.6 < counted < before
    assert re.search(r"^it writes: the \S.{60}", done.stdout, re.M)


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "no text could be read"), ("Twelve signs", "12 characters of text; at least 20,000")],
)
def test_a_file_that_holds_no_text_is_refused_with_a_sentence(
    mydl: Path, tmp_path: Path, content: str | None, said: str
) -> None:
    path = tmp_path / "text.txt"
    if content is not None:
        path.write_text(content)
    done = run(mydl, "text", str(path))
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_any_digits_it_says_where_they_are_had(mydl: Path) -> None:
    code = (
        "import runpy, sys, importlib.util; importlib.util.find_spec = lambda name: None;"
        f"sys.argv = ['mydl.py']; runpy.run_path({str(mydl)!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("no digits here: give their file")


def test_the_book_lends_what_it_names() -> None:
    found = names_of(made())
    assert all(hasattr(found, name) for names in LENT.values() for name in names)
