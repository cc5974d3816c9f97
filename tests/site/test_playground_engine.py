"""The worker's half of the playground, run here: it trains, and its code does the same."""

import base64
import contextlib
import importlib.util
import io
import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tests.site.pages import ROOT

FOLDER = ROOT / "book" / "live" / "python"
DEFAULTS: dict[str, Any] = {
    "data": "circles",
    "noise": 0,
    "train": 50,
    "seed": 1,
    "features": ["x1", "x2"],
    "layers": [8, 4],
    "activation": "tanh",
    "init": "default",
    "dropout": 0,
    "loss": "bce",
    "optimizer": "adam",
    "lr": 0.01,
    "schedule": "constant",
    "batch": 16,
    "penalty": "none",
    "strength": 0.001,
    "points": "",
}
POINTS = [(-1.0, -1.0, 0), (-1.5, 0.05, 0), (-0.5, 1.25, 0), (1.0, 1.0, 1), (2.0, -2.0, 1)]
LONG = 1e9  # seconds: the number of steps decides


@pytest.fixture(scope="module")
def playground() -> Iterator[ModuleType]:
    """The module that the worker imports, and the one beside it."""
    for name in ("playground_code", "playground"):
        spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    yield sys.modules["playground"]
    del sys.modules["playground"], sys.modules["playground_code"]


def unpacked(text: str, dtype: Any = np.int8) -> Any:
    return np.frombuffer(base64.b64decode(text), dtype)


def packed(points: list[tuple[float, float, int]]) -> str:
    raw = [b for x1, x2, y in points for b in (round((x1 + 3) * 20), round((x2 + 3) * 20) | y << 7)]
    return base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")


def printed(code: str) -> dict[str, float]:
    """Run a cell; return the accuracies that it prints."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), np.errstate(all="ignore"):
        exec(compile(code, "<cell>", "exec"), {"__name__": "__main__"})
    found = re.findall(r"(\w+): loss \S+, accuracy ([\d.]+)%", said.getvalue())
    return {name: float(value) / 100 for name, value in found}


def test_first_set_up_learns_circles(playground: ModuleType) -> None:
    before = playground.start(DEFAULTS)
    after = playground.advance(LONG, 500)
    assert after["accuracy"][1] >= 0.95 > before["accuracy"][1]
    assert after["loss"][1] < before["loss"][1] / 2
    assert after["steps"] == 500
    assert after["epoch"] == 500 * 16 / 200


OTHER = [
    {"data": "xor", "activation": "relu", "init": "he", "batch": 400, "lr": 0.03},
    {"data": "moons", "noise": 0.2, "loss": "mse", "optimizer": "momentum", "schedule": "cosine"},
    {"data": "spirals", "features": ["x1", "x2", "sinx1", "sinx2"], "layers": [8, 8, 8]},
    {"data": "gaussians", "train": 10, "penalty": "l2", "dropout": 0.2, "optimizer": "adamw"},
    {"data": "circles", "features": ["x1x1", "x2x2"], "layers": [], "loss": "huber"},
    {"data": "own", "points": packed(POINTS), "train": 60, "penalty": "l1", "schedule": "warmup"},
]


@pytest.mark.parametrize("changed", [{}, *OTHER], ids=lambda c: c.get("data", "default"))
def test_code_shown_does_the_same(playground: ModuleType, changed: dict[str, Any]) -> None:
    settings = DEFAULTS | changed
    playground.start(settings)
    for _ in range(3):  # in slices, as the page does
        frame = playground.advance(LONG, 50)
    shown = printed(playground.code(settings, 150))
    assert shown == pytest.approx(
        dict(zip(("train", "test"), frame["accuracy"], strict=True)), abs=1e-3
    )


def test_every_choice_gives_code_that_trains(playground: ModuleType) -> None:
    code = sys.modules["playground_code"]
    for name, known in code.CHOICES.items():
        for value in known:
            settings = DEFAULTS | {"points": packed(POINTS), name: value}
            playground.start(settings)
            assert playground.advance(LONG, 2)["steps"] == 2, f"{name}={value}"


def test_page_offers_what_the_engine_knows(playground: ModuleType) -> None:
    code = sys.modules["playground_code"]
    script = (ROOT / "book/live/web/playground/settings.mjs").read_text(encoding="utf-8")
    for name, known in {**code.CHOICES, "FEATURES": code.FEATURES}.items():
        body = re.search(rf"{name}(?: =|:) \{{(.*?)\}}", script, re.DOTALL)
        assert body is not None
        assert set(re.findall(r"(\w+): \"", body[1])) == set(known), name


def test_points_drawn_by_hand_survive_the_link(playground: ModuleType) -> None:
    assert sys.modules["playground_code"].drawn(packed(POINTS)) == POINTS


def test_maps_have_the_shape_the_page_draws(playground: ModuleType) -> None:
    frame = playground.start(DEFAULTS | {"dropout": 0.5})
    assert unpacked(frame["surface"]).size == playground.FINE**2
    sizes = [unpacked(m).size for m in frame["maps"]]
    assert sizes == [width * playground.COARSE**2 for width in (8, 4)]
    assert unpacked(frame["weights"], np.float32).size == 3 * 8 + 9 * 4 + 5
    assert unpacked(frame["points"], np.float32).size == 2 * len(frame["labels"])


def test_first_row_of_the_surface_is_the_top_of_the_square(playground: ModuleType) -> None:
    playground.start(DEFAULTS | {"layers": [], "features": ["x2"]})
    layer = playground._sessions["page"].layers[0]
    layer.load_state_dict({"weight": [[2.0]], "bias": [0.0]})
    surface = unpacked(playground.advance(LONG, 0)["surface"]).reshape(playground.FINE, -1)
    assert (surface[0] > 100).all()
    assert (surface[-1] < -100).all()


def test_zero_weights_never_learn(playground: ModuleType) -> None:
    playground.start(DEFAULTS | {"init": "zeros"})
    frame = playground.advance(LONG, 100)
    assert frame["gradients"] == [0, 0, 0]
    assert [len(layer) for layer in frame["silent"]] == [8, 4]


def test_large_steps_kill_relus(playground: ModuleType) -> None:
    changed = {"activation": "relu", "optimizer": "sgd", "lr": 1, "layers": [8, 8, 4], "seed": 2}
    playground.start(DEFAULTS | changed)
    frame = playground.advance(LONG, 300)
    assert 4 in [len(layer) for layer in frame["silent"]]
    assert frame["gradients"][0] == 0


def test_few_noisy_points_are_learnt_by_heart(playground: ModuleType) -> None:
    changed = {"data": "gaussians", "noise": 1, "train": 10, "layers": [8, 8, 8], "batch": 8}
    playground.start(DEFAULTS | changed)
    train, test = playground.advance(LONG, 3000)["loss"]
    assert train < 0.05
    assert test > 0.5
    playground.start(DEFAULTS | changed | {"penalty": "l2", "strength": 0.01})
    assert playground.advance(LONG, 3000)["loss"][1] < test / 2


def test_weights_that_are_no_numbers_end_the_training(playground: ModuleType) -> None:
    playground.start(
        DEFAULTS | {"loss": "mse", "optimizer": "sgd", "lr": 10, "activation": "linear"}
    )
    frame = playground.advance(LONG, 2000)
    assert frame["broken"]
    assert frame["loss"] == [None, None]
    assert playground.advance(LONG, 10)["steps"] == frame["steps"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"data": "squares"}, "data: expected one of circles"),
        ({"lr": -1}, "lr: expected 1e-05 to 100.0, got -1"),
        ({"features": []}, "features: expected some of"),
        ({"features": ["x1); import os"]}, "features: expected some of"),
        ({"layers": [9]}, "layers: expected up to 5 widths"),
        ({"seed": "1); import os"}, "seed: expected 0 to 99999"),
        ({"data": "own", "points": packed(POINTS[:3])}, "points: expected at least 4"),
    ],
)
def test_wrong_settings_are_named(
    playground: ModuleType, changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        playground.start(DEFAULTS | changed)
