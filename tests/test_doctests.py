"""Every example in a docstring runs and prints what it says."""

import doctest
import importlib
import pkgutil

import pytest

import dlcore

NEEDS = (
    "matplotlib",
    "sklearn",
    "nbval",
    "nbformat",
    "torch",
    "onnx",
)  # the extras of the whole book


def modules():
    found = pkgutil.walk_packages(dlcore.__path__, "dlcore.")
    return ["dlcore", *(m.name for m in found if not m.name.endswith("__main__"))]


@pytest.mark.parametrize("name", modules())
def test_examples(name, monkeypatch):
    monkeypatch.setenv("DLCORE_PROGRESS", "0")
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] in NEEDS:
            pytest.skip(f"{error.name} is not installed")
        raise
    failures, _ = doctest.testmod(module, report=True)
    assert failures == 0, f"{failures} examples in {name} fail; see above"
