"""Figures: what stands on them, and that it can be read on a white and on a black page."""

import base64
import io
import subprocess
import sys
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

import dlcore as dl
from dlcore import plot
from dlcore.plot.style import luminance, readable

GREY = mpl.colors.to_rgba(plot.GREY)


def png(fig):
    buffer = io.BytesIO()
    plot.save(fig, buffer)
    return buffer.getvalue()


def texts(ax):
    return [text.get_text() for text in ax.texts]


def bowl(p):
    return p[:, 0] ** 2 + 4 * p[:, 1] ** 2


def every_figure():
    rng = np.random.default_rng(0)
    x = np.linspace(0, 1, 5)
    return {
        "images": plot.images(rng.random((3, 4, 4)), ["a", "b", "c"]),
        "lines": plot.lines(x, {"up": x, "down": -x}, xlabel="time (s)", ylabel="height (m)"),
        "curves": plot.curves({"epoch": [1, 2, 3], "loss": [3, 2, 1], "val_loss": [3, 2, 2]}),
        "heatmap": plot.heatmap(rng.random((2, 3))),
        "confusion": plot.confusion(np.array([[3, 1], [0, 4]])),
        "timeline": plot.timeline([(1958, "Perceptron", "it learns"), (2012, "AlexNet", "")]),
        "regions": plot.decision_regions(lambda p: p[:, 0] > 0, rng.random((6, 2)), [0, 1] * 3),
        "points": plot.points(x, -x, x, label="price", xlabel="km east", title="map"),
        "graph": plot.graph(["x", "w", "xw"], [("x", "xw", "w"), ("w", "xw", "x")]),
        "flow": plot.flow(["x", "layer", "+", "y"], [("x", "+")], {"x": "(N, C)"}),
        "window": plot.window(np.arange(16).reshape(4, 4), [[1, 0], [0, -1]], (1, 1)),
        "stages": plot.stages({"image": (1, 28, 28), "out": (10,)}, ["dense"]),
        "memory": plot.memory(np.arange(6).reshape(2, 3).T),
        "contours": plot.contours(bowl, (-2, 2), (-1, 1), {"descent": [[1, 1], [0, 0]]}),
    }


@pytest.fixture(scope="module")
def figures():
    return every_figure()


@pytest.fixture(scope="module")
def figures_again():
    return every_figure()


NAMES = ["images", "lines", "curves", "heatmap", "confusion", "timeline", "regions"]
NAMES += ["points", "graph", "flow", "window", "stages", "memory"]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_shines_through_and_text_is_grey(figures, name):
    picture = np.asarray(Image.open(io.BytesIO(png(figures[name]))).convert("RGBA"))
    assert (picture[0, :, 3] == 0).mean() > 0.9, "the upper edge is not transparent"
    for ax in figures[name].axes:
        if ax.axison:
            labels = [ax.xaxis.label, ax.yaxis.label, *ax.get_xticklabels(), *ax.get_yticklabels()]
            for label in labels:
                assert mpl.colors.to_rgba(label.get_color()) == GREY


@pytest.mark.parametrize("name", NAMES)
def test_the_bytes_depend_on_the_picture_alone(figures, figures_again, name):
    first = png(figures[name])
    assert first == png(figures_again[name])
    assert not Image.open(io.BytesIO(first)).info.keys() & {"Software", "Creation Time"}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_wide_at_most(figures, name):
    assert figures[name].get_figwidth() <= 6.4


def test_the_users_own_style_stays():
    with mpl.rc_context({"text.color": "red", "axes.edgecolor": "blue"}):
        fig = plot.lines([0, 1], {"a": [0, 1]})
        assert mpl.rcParams["text.color"] == "red"
        assert mpl.colors.to_rgba(fig.axes[0].spines["left"].get_edgecolor()) == GREY


def test_use_style_is_for_figures_of_ones_own():
    import matplotlib.pyplot as plt

    with mpl.rc_context():
        plot.use_style()
        fig, ax = plt.subplots()
        plt.close(fig)
    assert fig.get_facecolor()[3] == 0
    assert ax.xaxis.label.get_color() in (plot.GREY, plot.GREY.removeprefix("#"))


def test_pyplot_keeps_no_figure():
    import matplotlib.pyplot as plt

    plt.close("all")
    plot.lines([0, 1], {"a": [0, 1]})
    plot.images(np.zeros((2, 3, 3)))
    assert plt.get_fignums() == []


def test_a_cell_that_ends_on_a_figure_shows_it_once():
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    cells = [
        "from dlcore import plot\nplot.lines([0, 1], {'a': [0, 1]})",
        "fig, axes = plot.panels(1, 2)\nplot.lines([0, 1], {'a': [0, 1]}, ax=axes[0]);",
        "fig",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    nbclient.NotebookClient(book, timeout=120, kernel_name="python3").execute()
    shown = [[o for o in cell.outputs if "image/png" in o.get("data", {})] for cell in book.cells]
    assert [len(outputs) for outputs in shown] == [1, 0, 1]
    assert [len(cell.outputs) for cell in book.cells] == [1, 0, 1], "something else was shown"
    for outputs in (shown[0], shown[2]):
        picture = Image.open(io.BytesIO(base64.b64decode(outputs[0]["data"]["image/png"])))
        assert "Software" not in picture.info
        assert picture.convert("RGBA").getpixel((0, 0))[3] == 0


def test_matplotlib_is_imported_by_the_first_figure():
    code = (
        "import sys; from dlcore import plot; assert 'matplotlib' not in sys.modules;"
        "plot.lines([0, 1], {'a': [0, 1]}); assert 'matplotlib' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_panels_compose():
    fig, (left, right) = plot.panels(1, 2)
    assert plot.lines([0, 1], {"a": [0, 1]}, ax=left) is fig
    assert plot.heatmap([[1.0]], ax=right) is fig
    assert len(left.lines) == 1
    assert len(right.images) == 1


def test_panels_have_the_style_whatever_is_drawn_on_them():
    fig, (ax,) = plot.panels()
    ax.plot([0, 1000], [0, 7])
    fig.canvas.draw()
    assert {mpl.colors.to_rgba(label.get_color()) for label in ax.get_xticklabels()} == {GREY}


def test_lines_name_their_curves_where_they_end():
    x = np.arange(4.0)
    fig = plot.lines(
        x, {"near": x, "nearer": x + 0.01, "": -x}, xlabel="steps", ylabel="loss", yscale="symlog"
    )
    (ax,) = fig.axes
    assert len(ax.lines) == 3
    assert texts(ax) == ["near", "nearer"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_yscale()) == ("steps", "loss", "symlog")
    assert ax.get_legend() is None
    for text, line in zip(ax.texts, ax.lines, strict=False):
        assert text.get_color() == readable(line.get_color())


@pytest.mark.parametrize("ends", [[1, 1, 1], [0, 0.01, 1], [5, 5.01, 5.02, -3, -3]])
@pytest.mark.parametrize("yscale", ["linear", "symlog"])
def test_names_never_overlap(ends, yscale):
    series = {f"curve {i}": np.array([0, end]) for i, end in enumerate(ends)}
    fig = plot.lines([0, 1], series, yscale=yscale)
    fig.draw_without_rendering()
    boxes = sorted((t.get_window_extent() for t in fig.axes[0].texts), key=lambda box: box.y0)
    assert all(low.y1 <= high.y0 + 1 for low, high in pairwise(boxes))
    order = np.argsort(ends, kind="stable")
    heights = [fig.axes[0].texts[i].get_window_extent().y0 for i in order]
    assert heights == sorted(heights), "names stand in another order than the curves"


def test_lines_take_tensors_gaps_and_colours():
    fig = plot.lines(
        dl.tensor([1.0, 2.0, 3.0]),
        {"a": dl.tensor([1.0, 2.0, float("nan")])},
        colors={"a": plot.GREEN},
        marker="o",
    )
    assert fig.axes[0].lines[0].get_color() == plot.GREEN
    assert texts(fig.axes[0]) == ["a"]


def test_what_stands_on_the_axes_stays_where_nothing_is_given():
    ax = plot.panels()[1][0]
    ax.set_title("A", loc="left")
    ax.set(xlabel="x", ylabel="y")
    plot.lines([0, 1], {"": [0, 1]}, ylabel="z", ax=ax)
    assert (ax.get_title(loc="left"), ax.get_xlabel(), ax.get_ylabel()) == ("A", "x", "z")


def test_curves_have_a_panel_a_quantity():
    e = np.arange(1, 6)
    columns = {"epoch": e, "loss": 1 / e, "val_loss": 2 / e, "accuracy": 1 - 1 / e}
    fig = plot.curves(columns, yscale="log")
    assert [ax.get_ylabel() for ax in fig.axes] == ["loss", "accuracy"]
    assert [ax.get_yscale() for ax in fig.axes] == ["log", "linear"]
    assert [len(ax.lines) for ax in fig.axes] == [2, 1]
    assert all(ax.get_xlabel() == "epoch" for ax in fig.axes)
    assert all(float(tick).is_integer() for ax in fig.axes for tick in ax.get_xticks())
    assert fig.axes[0].lines[0].get_xdata().tolist() == [1, 2, 3, 4, 5]


def test_curves_on_given_axes_draw_the_loss():
    fig, (ax,) = plot.panels()
    plot.curves({"loss": [1.0, 0.5], "accuracy": [0.1, 0.9]}, ax=ax)
    assert len(fig.axes) == 1
    assert ax.lines[0].get_ydata().tolist() == [1.0, 0.5]
    assert ax.lines[0].get_marker() == "o", "two points want to be seen"


def test_images_share_one_scale_and_have_captions():
    stack = np.stack([np.zeros((2, 2)), np.full((2, 2), 0.5), np.ones((2, 2))])
    fig = plot.images(stack, labels=[0, 5, 9], columns=2)
    assert [ax.get_title() for ax in fig.axes if ax.axison] == ["0", "5", "9"]
    assert {ax.images[0].get_clim() for ax in fig.axes if ax.axison} == {(0.0, 1.0)}
    assert len(fig.axes) == 4
    assert not fig.axes[3].axison


def test_colour_images_and_tensors():
    assert len(plot.images(np.zeros((2, 3, 3, 3))).axes) == 2
    assert len(plot.images(dl.zeros(2, 3, 3)).axes) == 2


def test_numbers_stand_out_from_their_cells():
    values = np.linspace(0, 1, 40).reshape(5, 8)
    fig = plot.heatmap(values, fmt=".2f")
    (ax,) = fig.axes
    assert texts(ax) == [f"{v:.2f}" for v in values.ravel()]
    rgba = ax.images[0].to_rgba(values)
    for text, cell in zip(ax.texts, rgba.reshape(-1, 4), strict=True):
        ink, paper = luminance(mpl.colors.to_rgb(text.get_color())), luminance(cell[:3])
        contrast = (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05)
        assert contrast >= 4.5, text.get_text()


def test_text_can_be_read_on_white_and_on_black():
    grey = luminance(mpl.colors.to_rgb(plot.GREY))
    assert 1.05 / (grey + 0.05) >= 4.5
    assert (grey + 0.05) / 0.05 >= 4.5
    for color in plot.PALETTE[:3]:
        there = luminance(mpl.colors.to_rgb(color))
        assert min(1.05 / (there + 0.05), (there + 0.05) / 0.05) >= 3, color


@pytest.mark.parametrize("color", [*plot.PALETTE, "black", "white", "#ff0000"])
def test_names_of_curves_can_be_read_on_white_and_on_black(color):
    there = luminance(readable(color))
    assert min(1.05 / (there + 0.05), (there + 0.05) / 0.05) >= 4.5


def test_luminance_is_that_of_the_standard():
    assert luminance("black") == 0
    assert luminance("white") == pytest.approx(1)
    assert luminance("#767676") == pytest.approx(0.1812, abs=1e-4)


def test_confusion_leaves_empty_cells_empty():
    fig = plot.confusion(np.array([[3, 1], [0, 4]]), labels=["cat", "dog"])
    (ax,) = fig.axes
    assert texts(ax) == ["3", "1", "4"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["cat", "dog"]
    assert texts(plot.confusion([[0.75, 0.25], [0.0, 1.0]]).axes[0]) == ["0.75", "0.25", "1.00"]


def test_the_shade_of_a_confusion_matrix_says_the_share_of_the_true_class():
    """Also among the rare errors: of 300, one is not as dark as eleven."""
    (ax,) = plot.confusion(np.array([[288, 1, 11], [30, 270, 0], [0, 0, 0]])).axes
    (image,) = ax.images
    colors = image.to_rgba(image.get_array())
    lights = [luminance(colors[place][:3]) for place in [(0, 1), (0, 2), (1, 0), (0, 0)]]
    assert all(b > 1.5 * a for a, b in pairwise(lights))
    other = plot.confusion(np.array([[96, 0, 4], [0, 1, 0], [10, 0, 90]])).axes[0].images[0]
    assert np.array_equal(other.to_rgba(other.get_array())[2, 0], colors[1, 0])


def test_a_number_of_a_confusion_matrix_stands_out_from_its_shade():
    counts = np.array([[1, 3, 10], [30, 100, 300], [1000, 0, 1]])
    (ax,) = plot.confusion(counts).axes
    (image,) = ax.images
    colors = image.to_rgba(image.get_array())
    assert len(ax.texts) == 8
    for text in ax.texts:
        column, row = text.get_position()
        low, high = sorted([luminance(text.get_color()), luminance(colors[row, column][:3])])
        assert (high + 0.05) / (low + 0.05) > 4.5


def test_nothing_is_drawn_before_a_figure_is_shown(monkeypatch):
    """A slider shows a figure at each move: drawing it to find the places of things takes long."""
    draws = []
    monkeypatch.setattr(mpl.figure.Figure, "draw", lambda *_: draws.append(1))
    axes = plot.panels(1, 2)[1]
    plot.lines([0, 1], {"a": [0, 1], "b": [1, 0]}, ax=axes[0])
    plot.points([0, 1], [0, 1], [0, 1], ax=axes[1])
    assert draws == []


def test_ticks_made_late_have_the_style_and_keep_what_was_asked_for():
    fig, (ax, other) = plot.panels(1, 2)
    other.tick_params(labelcolor="red")
    for axes in (ax, other):
        plot.lines([0, 1], {"": [0, 1]}, ax=axes)
        axes.set_xticks(range(30))
    fig.draw_without_rendering()
    ticks = [*ax.xaxis.get_major_ticks(), *ax.yaxis.get_major_ticks()]
    assert {mpl.colors.to_rgba(tick.tick1line.get_color()) for tick in ticks} == {GREY}
    assert {round(tick.label1.get_fontsize(), 3) for tick in ticks} == {round(11 * 0.833, 3)}
    assert {tick.gridline.get_alpha() for tick in ticks} == {0.25}
    assert {label.get_color() for label in other.get_xticklabels()} == {"red"}


def test_every_number_of_a_confusion_matrix_has_a_frame():
    (ax,) = plot.confusion(np.array([[30, 1, 0], [0, 40, 0], [0, 2, 50]])).axes
    framed = {tuple(patch.get_center()) for patch in ax.patches}
    assert framed == {tuple(text.get_position()) for text in ax.texts}
    assert {patch.get_edgecolor() for patch in ax.patches} == {GREY}


def test_timeline_texts_do_not_overlap():
    events = [(2017, f"event {i}", "a sentence that is long enough to be broken " * 2)
              for i in range(6)]  # fmt: skip
    fig = plot.timeline([*events, (1958, "first", "")])
    fig.draw_without_rendering()
    (ax,) = fig.axes
    boxes = [text.get_window_extent() for text in ax.texts]
    for i, a in enumerate(boxes):
        assert a.x1 <= fig.bbox.x1 + 1, "a text leaves the page"
        for b in boxes[i + 1 :]:
            assert not (a.x0 < b.x1 and b.x0 < a.x1 and a.y0 + 1 < b.y1 and b.y0 + 1 < a.y1)
    assert texts(ax)[:2] == ["1958", "first"], "not in order of time"


def test_timeline_dots_stand_at_their_years():
    fig = plot.timeline([(1950, "a", ""), (1960, "b", ""), (2050, "c", "")])
    dots = fig.axes[0].lines[1].get_ydata()
    assert (dots[1] - dots[0]) / (dots[2] - dots[0]) == pytest.approx(0.1)


def test_timeline_marks_round_years():
    def marks(*years):
        fig = plot.timeline([(year, "a", "") for year in years])
        return texts(fig.axes[0])[2 * len(years) :]

    assert marks(1958, 1990) == ["1960", "1980"]
    assert marks(1960, *range(1961, 1972), 1980) == ["1960", "1970", "1980"]
    assert marks(1000, 2000, 2000) == ["1000", "1500", "2000"]
    assert marks(1958, 1958) == []
    ax = plot.timeline([(1950, "a", ""), (1956, "b", ""), (1970, "c", "")]).axes[0]
    dots = ax.lines[1].get_ydata()
    tick = ax.texts[-2].get_position()[1]
    assert ax.texts[-2].get_text() == "1960"
    assert (tick - dots[0]) / (dots[2] - dots[0]) == pytest.approx(0.5)


def test_regions_ask_in_the_samples_dtype_and_take_scores():
    asked = []

    def scores(points):
        asked.append((points.shape, points.dtype))
        return dl.Tensor(np.stack([points[:, 0], -points[:, 0]], axis=1))

    x = np.array([[-1, 0], [1, 0], [0, 1]], dtype=np.float32)
    fig = plot.decision_regions(scores, x, dl.tensor([1, 0, 1]), resolution=20)
    assert asked == [((400, 2), np.float32)]
    dots = [c for c in fig.axes[0].collections if isinstance(c, mpl.collections.PathCollection)]
    assert [len(c.get_offsets()) for c in dots] == [1, 2]


def test_contours_lie_at_their_heights_and_paths_at_their_places():
    path = dl.tensor([[1.5, 0.5], [0.5, 0.0]])
    fig = plot.contours(bowl, (-2, 2), (-1, 1), {"walk": path, "": [[0, 0]]}, levels=[1.0, 4.0])
    (ax,) = fig.axes
    (lines,) = ax.collections
    for level, ring in zip([1.0, 4.0], lines.get_paths(), strict=True):
        np.testing.assert_allclose(bowl(ring.vertices), level, rtol=0.01)
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), path.data)
    assert texts(ax) == ["walk"]


def test_graph_stands_in_layers():
    fig = plot.graph(
        {"x": "x\n3", "w": "w\n2", "b": "b", "p": "·", "s": "+"},
        [("x", "p"), ("w", "p", "3"), ("p", "s"), ("b", "s")],
        backward=True,
    )
    (ax,) = fig.axes
    place = {text.get_text(): text.get_position() for text in ax.texts}
    assert place["x\n3"][0] == place["w\n2"][0] < place["·"][0] == place["b"][0] < place["+"][0]
    assert len({place["·"][1], place["b"][1]}) == 2
    assert len(ax.patches) == 4
    assert "3" in place


def test_arrows_between_the_same_boxes_and_past_a_layer_are_bent():
    fig = plot.graph(["x", "y", "z"], [("x", "y"), ("x", "y"), ("y", "z"), ("x", "z")])
    bends = [arrow.get_connectionstyle().rad for arrow in fig.axes[0].patches]
    assert bends[0] == bends[2] == 0
    assert bends[1] != 0
    assert bends[3] != 0


@pytest.mark.parametrize(
    ("nodes", "edges"),
    [
        ("xabc", ["xa", "ab", "bc", "xb", "xc", "ac"]),  # all in one row
        ("xasby", ["xa", "xa", "ab", "xb", "xs", "sy", "by"]),
        ("absy", ["as", "bs", "sy", "by"]),
    ],
)
def test_no_arrow_crosses_a_box(nodes, edges):
    fig = plot.graph(list(nodes), [(start, end) for start, end in edges])
    fig.draw_without_rendering()
    (ax,) = fig.axes
    boxes = {text.get_text(): text.get_bbox_patch().get_window_extent() for text in ax.texts}
    for (start, end), arrow in zip(edges, ax.patches, strict=True):
        whole = arrow.get_transform().transform_path(arrow.get_path())
        path = mpl.path.Path(whole.vertices[:3], whole.codes[:3])  # its line, without the head
        for name in boxes.keys() - {start, end}:
            assert not path.intersects_bbox(boxes[name], filled=False), (start, end, name)


def test_a_square_is_two_arrows_from_one_box():
    x = dl.tensor([2.0], requires_grad=True)
    fig = plot.tape((x * x) * x, {"x": x})
    assert sorted(texts(fig.axes[0])) == ["mul = 4", "mul = 8", "x = 2"]
    assert len(fig.axes[0].patches) == 4


def test_tape_names_what_it_is_told():
    x, w = dl.tensor([1.0, 2.0], requires_grad=True), dl.tensor(3.0, requires_grad=True)
    fig = plot.tape((x * w).sum(), {"w": w})
    assert sorted(texts(fig.axes[0])) == ["[2]", "mul", "sum = 9", "w = 3"]


@pytest.mark.parametrize(
    ("draw", "match"),
    [
        (lambda: plot.images(np.zeros((2, 2))), r"got \(2, 2\); a single image is image\[None\]"),
        (lambda: plot.images(np.zeros((0, 2, 2))), "at least one image"),
        (lambda: plot.images(np.zeros((2, 2, 2)), ["a"]), "expected 2 captions, got 1"),
        (lambda: plot.lines([1, 2], {}), "at least one curve"),
        (lambda: plot.lines([1, 2], {"a": [1]}), r"series\['a'\]: expected shape \(2,\), got"),
        (lambda: plot.curves({"accuracy": [1.0]}), "a column 'loss'"),
        (lambda: plot.heatmap([1.0]), "expected two axes"),
        (lambda: plot.heatmap([[1.0]], columns=["a", "b"]), "columns: expected 1 names, got 2"),
        (lambda: plot.confusion([[1, 2]]), r"expected shape \(k, k\), got \(1, 2\)"),
        (lambda: plot.timeline([]), "at least one"),
        (lambda: plot.contours(len, (0, 1), (0, 1)), r"function: expected shape \(14641,\)"),
        (lambda: plot.contours(bowl, (0, 1), (0, 1), {"a": [1, 2]}), r"paths\['a'\]: expected"),
        (lambda: plot.decision_regions(len, [[0, 0]], [0, 1]), r"expected \(n, 2\) and \(n,\)"),
        (lambda: plot.decision_regions(len, [[0.0, 0]], [6]), "classes from 0 to 5"),
        (lambda: plot.graph(["a"], [("a", "b")]), "not among the nodes"),
        (lambda: plot.graph(["a", "b"], [("a", "b"), ("b", "a")]), "close a circle"),
        (lambda: plot.tape(dl.tensor([1.0])), "nothing was recorded"),
    ],
)
def test_refused(draw, match):
    with pytest.raises(ValueError, match=match):
        draw()


@pytest.mark.parametrize("draw", [plot.panels, plot.use_style])
def test_without_matplotlib_the_extra_that_brings_it_is_named(draw, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'dlcore\[plot\]'") as raised:
        draw()
    assert raised.value.name == "matplotlib"
