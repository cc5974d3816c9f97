"""What other libraries cost when they are not used, and what is said when one is missing."""

import subprocess
import sys

import pytest

import dlcore
from dlcore import interop

LIBRARIES = "torch", "sklearn", "scipy", "joblib", "onnx", "onnxruntime", "safetensors", "dask"


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["dlcore.interop", "dlcore.interop.safetensors"])
def test_the_front_door_loads_no_other_library(module):
    code = f"import sys, {module}; print(*(m for m in {LIBRARIES} if m in sys.modules))"
    assert run(code) == ""


@pytest.mark.parametrize(
    ("module", "package", "extra"),
    [("torch", "torch", "torch"), ("sklearn", "sklearn", "data"), ("onnx", "onnx", "onnx")],
)
def test_a_missing_library_is_named_with_the_extra_that_brings_it(module, package, extra):
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        f"try: import dlcore.interop.{module}\n"
        "except ModuleNotFoundError as error: print(error.name, '|', error)"
    )
    assert run(code) == f'{package} | {package} is not installed: pip install "dlcore[{extra}]"'


def test_modules_load_when_they_are_asked_for():
    assert dlcore.interop is interop
    parts = ("onnx", "safetensors", "sklearn", "torch")
    assert set(parts) <= set(dir(interop))
    for name in parts:
        assert getattr(interop, name).__name__ == f"dlcore.interop.{name}"
    with pytest.raises(AttributeError, match="no attribute 'jax'"):
        interop.jax  # noqa: B018
