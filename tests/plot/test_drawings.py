"""Drawings: everything on the canvas, no text on another, no line through a box."""

import re
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.transforms import Bbox

from dlcore import plot

IMAGE = np.array(
    [[1, 2, 0, 1, 3], [0, 1, 3, 1, 0], [2, 1, 0, 2, 1], [1, 0, 1, 3, 2], [0, 2, 1, 0, 1]]
)
SHARE = 0.02  # of the smaller box may overlap: the measure of a text is not exact
LENET = {
    "image": (1, 28, 28), "C1": (6, 28, 28), "S2": (6, 14, 14), "C3": (16, 10, 10),
    "S4": (16, 5, 5), "F5": (120,), "F6": (84,), "out": (10,),
}  # fmt: skip
STEPS = ["5×5", "pool\n2×2", "5×5", "pool\n2×2", "dense", "dense", "dense"]


def extents(fig):
    """Texts by place, and the boxes, in pixels."""
    FigureCanvasAgg(fig)
    fig.draw_without_rendering()
    (ax,) = fig.axes
    texts = [(text.get_text(), text.get_window_extent()) for text in ax.texts]
    boxes = [p.get_window_extent() for p in ax.patches if not isinstance(p, FancyArrowPatch)]
    return ax, texts, boxes


def shared(one, other):
    both = Bbox.intersection(one, other)
    if both is None:
        return 0.0
    area = both.width * both.height
    return area / max(min(one.width * one.height, other.width * other.height), 1e-9)


def assert_readable(fig):
    ax, texts, boxes = extents(fig)
    canvas = fig.bbox
    for text, extent in texts:
        assert canvas.x0 <= extent.x0, f"{text!r} leaves the canvas"
        assert extent.x1 <= canvas.x1, f"{text!r} leaves the canvas"
        assert canvas.y0 - 1 <= extent.y0, f"{text!r} leaves the canvas"
        assert extent.y1 <= canvas.y1 + 1, f"{text!r} leaves the canvas"
    for (one, a), (other, b) in combinations(texts, 2):
        assert shared(a, b) <= SHARE, f"{one!r} and {other!r} overlap"
    for text, extent in texts:
        for box in boxes:
            part = shared(extent, box)
            assert part <= SHARE or part >= 1 - SHARE, f"{text!r} stands across a frame"
    return ax, texts, boxes


def assert_no_line_crosses(fig):
    """No arrow runs through a box that holds a text, nor through a text."""
    ax, texts, boxes = assert_readable(fig)
    solid = [b for b in boxes if sum(shared(b, e) > 1 - SHARE for _, e in texts) == 1]
    for arrow in (p for p in ax.patches if isinstance(p, FancyArrowPatch)):
        line = arrow.get_transform().transform_path(arrow.get_path())
        for place in line.interpolated(8).to_polygons(closed_only=False)[0]:
            for box in solid:
                inside = (box.x0 + 3 < place[0] < box.x1 - 3) & (box.y0 + 3 < place[1] < box.y1 - 3)
                assert not inside, "an arrow runs through a box"
            for text, e in texts:
                assert not (e.x0 < place[0] < e.x1 and e.y0 < place[1] < e.y1), f"through {text!r}"


BLOCK = ["x", "norm#1", "attention", "+#1", "norm#2", "linear, 4C", "GELU", "linear, C", "+#2", "y"]
FLOWS = {
    "block": lambda vertical: plot.flow(
        BLOCK,
        [("x", "+#1"), ("+#1", "+#2", "stream")],
        {"x": "(N, T, C)", "attention": "(N, T, C)", "linear, 4C": "(N, T, 4C)"},
        groups={"attention": BLOCK[1:4], "feed-forward": BLOCK[4:9]},
        vertical=vertical,
    ),
    "heads": lambda vertical: plot.flow(
        ["x", ("head 1", "head 2", "head 3"), "concatenate", "linear", "y"],
        [],
        {"x": "(T, C)"},
        vertical=vertical,
    ),
    "sum of branches": lambda vertical: plot.flow(
        ["x", ("a", "b", "c"), "+", "y"], vertical=vertical
    ),
    "dense": lambda vertical: plot.flow(
        ["x", "f1", "f2", "f3", "y"],
        [("x", "f2"), ("x", "f3"), ("f1", "f3"), ("x", "y"), ("f1", "y"), ("f2", "y")],
        vertical=vertical,
    ),
    "two chains": lambda vertical: plot.flow(
        {
            "encoder": ["source", "embed", "self-attention", "feed-forward", "memory"],
            "decoder": ["target", "embed#d", "masked attention", "cross-attention", "softmax"],
        },
        [("memory", "cross-attention", "keys, values")],
        {"source": "(N, S)", "target": "(N, T)"},
        groups={
            "× 6": ["self-attention", "feed-forward"],
            "×  6": ["masked attention", "cross-attention"],
        },
        vertical=vertical,
    ),
    "level links": lambda vertical: plot.flow(
        {
            "encoder": ["source", "GRU", "all states"],
            "decoder": ["target", "GRU#d", "attention", "y"],
        },
        [("GRU", "GRU#d", "last state"), ("all states", "attention", "keys, values")],
        {"GRU#d": "query"},
        vertical=vertical,
    ),
}


@pytest.mark.parametrize("vertical", [True, False], ids=["down", "across"])
@pytest.mark.parametrize("name", FLOWS)
def test_a_flow_can_be_read(name, vertical):
    assert_no_line_crosses(FLOWS[name](vertical))


@settings(max_examples=25)
@given(st.data())
def test_any_chain_can_be_read(data):
    names = [
        f"{data.draw(st.sampled_from(['+', 'norm', 'a long name', 'f']))}#{i}" for i in range(7)
    ]
    ends = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda e: e[1] - e[0] >= 2)
    skips = data.draw(st.lists(ends, max_size=4, unique=True))
    texts = st.sampled_from(["", "(N, C)", "64×28×28"])
    labels = {name: text for name in names if (text := data.draw(texts))}
    vertical = data.draw(st.booleans())
    low, high = sorted(data.draw(st.tuples(st.integers(1, 5), st.integers(1, 5))))
    fig = plot.flow(
        names,
        [(names[i], names[j]) for i, j in skips],
        labels,
        groups={"× 3": names[low : high + 1]},
        vertical=vertical,
    )
    assert_readable(fig)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plot.flow(["x", "x"]), "'x' stands twice"),
        (lambda: plot.flow(["x", "y"], [("x", "z")]), "skips: 'z' is no box; the boxes are x, y"),
        (lambda: plot.flow(["x", "y"], labels={"z": "1"}), "labels: 'z' is no box"),
        (lambda: plot.flow(["x", "y"], groups={"g": ["z"]}), "groups: 'z' is no box"),
        (lambda: plot.flow(["x", "y"], colors={"z": "red"}), "colors: 'z' is no box"),
        (lambda: plot.flow(["x", "y"], groups={"g": []}), "groups: 'g' holds no box"),
        (lambda: plot.flow(["x", "y"], [("y", "x")]), "skips: 'y' does not come before 'x'"),
        (lambda: plot.flow([]), "boxes: expected at least one"),
        (lambda: plot.window([1, 2], [[1]], 0), "as many each"),
        (lambda: plot.window([1, 2], [1, 1, 1], 0), "does not fit"),
        (lambda: plot.window([1, 2, 3], [1, 1], 2), "at: 2 is no output"),
        (lambda: plot.window(np.ones((2, 3, 3)), np.ones((1, 2, 2)), (0, 0)), "2 channels, got 1"),
        (lambda: plot.window(np.ones((2, 3, 3)), "max", (0, 0)), "of one channel"),
        (lambda: plot.window(np.ones((3, 3)), "sum", (0, 0)), "'max' or 'mean'"),
        (lambda: plot.window(np.ones(20), [1.0], 0), "at most 14 cells"),
        (lambda: plot.stages({}), "at least one stage"),
        (lambda: plot.stages({"x": (1, 2)}), "expected (C, H, W) or (N,)"),
        (lambda: plot.stages({"x": (1,), "y": (2,)}, ["a", "b"]), "labels: expected 1, got 2"),
        (lambda: plot.memory(np.float64(1)), "one or two axes"),
        (lambda: plot.memory(np.arange(30.0)), "at most 24 elements"),
        (lambda: plot.memory(np.arange(3.0), np.arange(3.0)), "does not lie in `base`"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


WINDOWS = {
    "3×3": lambda: plot.window(IMAGE, [[1, 0, -1], [2, 0, -2], [1, 0, -1]], (1, 2)),
    "padding, stride, dilation": lambda: plot.window(
        IMAGE, [[1, -1], [0, 2]], (0, 1), padding=1, stride=2, dilation=2
    ),
    "two channels": lambda: plot.window(
        np.stack([IMAGE[:4, :4], IMAGE[1:, 1:]]), [[[1, -1], [0, 2]], [[0, 1], [-1, 0.5]]], (0, 1)
    ),
    "pooling": lambda: plot.window(IMAGE[:4, :4], "max", (1, 0)),
    "one axis": lambda: plot.window([1, 2, 3, 4], [1, -1, 2], 1),
}
OTHERS = {
    "LeNet": lambda: plot.stages(LENET, STEPS),
    "no labels": lambda: plot.stages({"a": (3, 8, 8), "b": (2,)}),
    "every second column": lambda: plot.memory(np.arange(12, dtype=np.int32).reshape(3, 4)[:, ::2]),
    "transposed": lambda: plot.memory(np.arange(12).reshape(3, 4).T, name="a.T"),
    "backwards": lambda: plot.memory(np.arange(6.0)[::-1]),
    "broadcast": lambda: plot.memory(np.broadcast_to(np.arange(3.0), (2, 3))),
}


@pytest.mark.parametrize("name", WINDOWS | OTHERS)
def test_a_drawing_can_be_read(name):
    assert_readable((WINDOWS | OTHERS)[name]())


@pytest.mark.parametrize("name", WINDOWS | OTHERS)
def test_a_drawing_is_a_page_wide_at_most_and_says_what_it_shows(name):
    fig = (WINDOWS | OTHERS)[name]()
    assert fig.get_figwidth() <= 6.4 + 1e-9
    assert repr(fig) == f"<Figure: {fig.get_label()}>"
    assert fig.get_label().endswith(".")


def numbers(fig):
    return [text.get_text() for text in fig.axes[0].texts]


def test_the_arithmetic_is_that_of_the_library():
    from dlcore import functional as F

    rng = np.random.default_rng(0)
    x, w = rng.integers(-5, 6, (2, 6, 7)), rng.integers(-3, 4, (2, 2, 3))
    out = F.conv2d(
        x[None].astype(float), w[None].astype(float), stride=2, padding=1, dilation=2
    ).numpy()[0, 0]
    for at in [(0, 0), (1, 2), (2, 1)]:
        fig = plot.window(x, w, at, stride=2, padding=1, dilation=2)
        shown = numbers(fig)[-1].split(" = ")
        assert float(shown[1].replace("−", "-")) == out[at]
        assert eval(shown[0].replace("−", "-")) == out[at]


def test_pooling_reads_its_window():
    assert numbers(plot.window(IMAGE[:4, :4], "max", (0, 1)))[-1] == "max(0, 1, 3, 1) = 3"
    assert numbers(plot.window(IMAGE[:4, :4], "mean", (0, 1)))[-1] == "mean(0, 1, 3, 1) = 1.25"
    assert numbers(plot.window([1, 5, 2], "max", 0, stride=1))[-1] == "max(1, 5) = 5"


def test_the_sign_is_that_of_a_correlation_unless_another_is_given():
    assert "⋆" in numbers(plot.window([1, 2], [1], 0))
    dot = numbers(plot.window([1, 2], [1], 0, sign="·"))
    assert "·" in dot
    assert "⋆" not in dot


def test_memory_marks_the_bytes_that_a_view_reads():
    a = np.arange(12, dtype=np.int32).reshape(3, 4)
    label = plot.memory(a[1:, 1::2]).get_label()
    assert label == "Shape (2, 2), strides (16, 8) bytes: it reads bytes 20, 28, 36, 44 of 48."
    blue = [p for p in plot.memory(a[1:, 1::2]).axes[0].patches if isinstance(p, FancyBboxPatch)]
    assert sum(p.get_facecolor()[3] > 0 for p in blue) == 4 + 4


def test_a_drawing_fits_into_axes_that_are_given():
    fig, (left, right) = plot.panels(1, 2)
    plot.window([1, 2, 3, 4], [1, -1, 2], 1, ax=left)
    plot.flow(["x", "layer", "y"], ax=right)
    fig.draw_without_rendering()
    for ax in (left, right):
        for text in ax.texts:
            extent, place = text.get_window_extent(), ax.get_window_extent()
            assert place.x0 - 1 <= extent.x0
            assert extent.x1 <= place.x1 + 1
    assert fig.get_label().endswith("= 7. From top to bottom: x, layer, y.")
