"""What dlcore says of PyTorch's names: each piece of advice, computed beside PyTorch itself."""

import copy
import inspect
import operator
import pickle
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import dlcore as dl
import dlcore.functional as F
from dlcore import nn
from dlcore.torch_names import TABLES

PAGE = Path(__file__).parents[1] / "book/api/differences.md"
ROWS = [(owner, name, *row) for owner, rows in TABLES.items() for name, row in rows.items()]
EXPRESSIONS = [row for row in ROWS if not row[3].startswith("- ") and row[1] != "compile"]
RANDOM = {"normal_", "uniform_", "randint", "randperm", "normal", "bernoulli"}
RANDOM |= {"rand_like", "randn_like", "empty", "empty_like"}
UNLIKE = {  # both sides exist, but their values are no arrays that could be compared
    *(
        "grad_fn",
        "modules",
        "onnx",
        "parallel",
        "Generator",
        "save",
        "load",
        "utils",
        "functional",
        "DataParallel",
    ),
    *("inference_mode", "set_grad_enabled", "manual_seed", "bfloat16"),
    *("set_printoptions", "InstanceNorm2d", "type_as"),
}


def _world(lib: Any, tmp: Path) -> dict[str, Any]:
    """The names that rows use, in PyTorch or here."""
    layers, functions = (nn, F) if lib is dl else (torch.nn, torch.nn.functional)
    x = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.5]], np.float32)
    w = lib.tensor([1.0, 2.0], requires_grad=True)
    return {
        "torch": torch, "dl": dl, "np": np, "F": functions, "nn": layers, "dlcore": dl,
        "rng": np.random.default_rng(0), "f": str(tmp / "weights"), "a": x.copy(),
        "x": lib.tensor(x), "y": lib.tensor(np.abs(x) + 1), "m": lib.tensor(x.T.copy()),
        "n": lib.tensor(np.array([[0, 2, 1], [1, 1, 0]])), "i": lib.tensor(np.array([2, 0])),
        "b": lib.tensor(x > 0), "v": lib.tensor(x[0].copy()), "w": w, "z": (w * w).sum(),
        "p": lib.tensor(np.arange(12, dtype=np.float32).reshape(2, 3, 2)),
        "q": lib.tensor(np.arange(8, dtype=np.float32).reshape(2, 2, 2)),
        "net": layers.Sequential(layers.Linear(2, 2)),
    }  # fmt: skip


def _run(text: str, world: dict[str, Any]) -> Any:
    """The value of an expression, or what a statement has made of x."""
    try:
        return eval(compile(text, "row", "eval"), world)
    except SyntaxError:
        exec(text, world)
        return world["x"]


def _arrays(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple | list) and not all(isinstance(v, int) for v in value):
        for part in value:
            yield from _arrays(part)
    elif isinstance(value, torch.dtype):
        yield str(value).removeprefix("torch.")
    elif isinstance(value, nn.Module | torch.nn.Module):  # started at random
        yield from (p.detach().numpy().dtype.name for p in value.parameters())
    elif isinstance(value, nn.Parameter | torch.nn.Parameter):
        yield np.array(value.shape)
    elif isinstance(value, str | type | np.dtype):
        yield np.dtype(value).name
    else:
        yield value.numpy() if hasattr(value, "numpy") else np.asarray(value)


@pytest.mark.parametrize(
    ("owner", "name", "theirs", "ours"), EXPRESSIONS, ids=[f"{r[0]}-{r[1]}" for r in EXPRESSIONS]
)
def test_the_advice_gives_what_torch_gives(
    owner: str, name: str, theirs: str, ours: str, tmp_path: Path
) -> None:
    if name == "load":
        dl.train.save_file({"a": np.zeros(1)}, tmp_path / "weights")
        theirs = "a"
    ours = ours.removesuffix(", given as rng=")
    with np.errstate(all="ignore"), np.printoptions(), torch.enable_grad():
        got, want = _run(ours, _world(dl, tmp_path)), _run(theirs, _world(torch, tmp_path))
    torch.set_printoptions(profile="default")
    if name in UNLIKE:
        return
    for one, other in zip(_arrays(got), _arrays(want), strict=True):
        if name in RANDOM:
            assert (one.shape, one.dtype) == (other.shape, other.dtype)
        elif isinstance(one, str):
            assert one == other
        else:
            np.testing.assert_allclose(one, other, rtol=1e-5)


@pytest.mark.parametrize(("owner", "name", "theirs", "ours"), ROWS)
def test_the_name_is_missing_and_its_row_is_on_the_page(
    owner: str, name: str, theirs: str, ours: str
) -> None:
    things = {"Tensor": dl.ones(2), "dlcore": dl, "dlcore.functional": F, "dlcore.nn": nn}
    thing = things.get(owner, nn.Linear(1, 1))
    assert not hasattr(thing, name)
    assert name in theirs
    with pytest.raises(AttributeError) as caught:
        getattr(thing, name)
    said = str(caught.value)
    assert f"for PyTorch's {theirs} write {ours.removeprefix('- ')}" in said
    here = ours[2:] if ours.startswith("- ") else f"`{ours}`"
    row = f"| `{theirs}` | {here} |".replace(" | b", r" \| b") if "b | b" in ours else None
    assert (row or f"| `{theirs}` | {here} |") in PAGE.read_text()


@pytest.mark.parametrize(
    ("thing", "name", "message"),
    [
        (dl, "sum", "module dlcore|dlcore has no attribute 'sum': write x.sum"),
        (dl, "view", r"for PyTorch's x.view\(3, 2\) write x.reshape\(3, 2\)"),
        (dl, "cross_entropy", "write dlcore.functional.cross_entropy"),
        (F, "abs", "write x.abs"),
        (F, "view", r"write x.reshape\(3, 2\)"),
        (dl, "relu_", r"write x = x.relu\(...\), or x\[...\] = x.relu"),
        (nn, "softmax", "write dlcore.functional.softmax"),
        (dl.ones(2), "clamp_", r"write x = x.clamp\(...\), or x\[...\] = x.clamp"),
        (dl.Tensor, "view", r"write x.reshape\(3, 2\)"),
        (dl.ones(2), "nothing", "'Tensor' object has no attribute 'nothing'$"),
        (dl, "nothing", "dlcore has no attribute 'nothing'$"),
        (nn, "nothing", "dlcore.nn has no attribute 'nothing'$"),
        (nn.Linear(1, 1), "nothing", "Linear has no attribute 'nothing'$"),
    ],
)
def test_a_name_that_stands_elsewhere_is_found(thing: Any, name: str, message: str) -> None:
    with pytest.raises(AttributeError, match=message):
        getattr(thing, name)


@pytest.mark.parametrize("place", ["cpu", "cuda:0", torch.device("cpu")])
def test_there_are_no_devices(place: Any) -> None:
    for thing in (dl.ones(2), nn.Linear(1, 1)):
        with pytest.raises(TypeError, match=r"no devices here, so x\.to\(device\) is left out"):
            thing.to(place)


def test_what_asks_for_names_is_not_disturbed() -> None:
    x = dl.tensor([1.0, 2.0], requires_grad=True)
    assert not hasattr(x, "__array_interface__")
    assert not hasattr(x, "_repr_html_")
    assert not hasattr(dl, "__file_name__")
    assert getattr(x, "device", "here") == "here"
    for twin in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert type(twin) is dl.Tensor
        assert twin.tolist() == x.tolist()
    assert "view" not in dir(x)
    assert "reshape" in dir(x)
    assert np.asarray(x.detach()).sum() == 3
    assert operator.length_hint(x) == 2
    assert inspect.unwrap(x) is x
    assert random.Random(0).choice(x.detach()).item() in (1.0, 2.0)
    assert "write x.reshape" in repr(inspect.getattr_static(x, "view"))


def test_an_absent_name_is_no_member_of_the_class() -> None:
    """The API page asks a class for its members, and passes over those it cannot have."""
    members = dict(inspect.getmembers_static(dl.Tensor))
    absent = {name for name in members if not hasattr(dl.Tensor, name)}
    assert {"view", "size", "device", "clamp_"} <= absent
    assert all(value.__doc__ is None for name, value in members.items() if name in absent)
