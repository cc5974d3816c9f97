"""Public docstrings are complete and well formed, as numpydoc's validation has it.

What several objects share is described once. The docstring of any other says, in a sentence before
its own Parameters, "The other parameters are those of :class:`Adam`." ("The parameters are …" if it
describes none itself; ``:class:`A` and :func:`b``` if they come from two places). The validation,
like the API page, then finds those entries of that class or function which the signature has and
the docstring itself does not describe; a parameter that is described nowhere still fails. So does a
reference from which nothing is taken, or an entry whose parameter has another default there: an
entry of one's own then says what differs. `book/_ext/shared_parameters.py` does the completing.
"""

import importlib
import inspect
from typing import Any

import pytest
from numpydoc.docscrape import get_doc_object
from numpydoc.validate import Validator, validate
from public_names import public_names
from shared_parameters import completed

PUBLIC = [
    "dlcore",
    "dlcore.functional",
    "dlcore.forward",
    "dlcore.nn",
    "dlcore.nn.init",
    "dlcore.optim",
    "dlcore.optim.lr_scheduler",
    "dlcore.data",
    "dlcore.metrics",
    "dlcore.plot",
    "dlcore.models",
    "dlcore.train",
    "dlcore.interop.torch",
    "dlcore.interop.sklearn",
    "dlcore.interop.safetensors",
    "dlcore.interop.onnx",
    "dlcore.grade",
]
FORM = {"GL01", "GL02", "GL03", "SS05"}  # leading blank line, and verbs: ruff holds these
OPTIONAL = {"EX01", "SA01", "ES01", "PR06", "RT02", "YD01", "GL08"}
SECTIONS = {"PR01", "RT01", "RT03"}  # a one-line docstring may go without sections


def _objects() -> list[Any]:
    found = {}
    for module_name in PUBLIC:
        module = importlib.import_module(module_name)
        for name in public_names(module):
            value = getattr(module, name)
            home = getattr(value, "__module__", "")
            if home.startswith("dlcore") and (inspect.isclass(value) or inspect.isfunction(value)):
                found[f"{home}.{value.__qualname__}"] = value
    for path, value in list(found.items()):
        if inspect.isclass(value):
            for name, member in vars(value).items():
                if not name.startswith("_") and inspect.isfunction(inspect.unwrap(member)):
                    found[f"{path}.{name}"] = member
    return sorted(found)


class Completed(Validator):
    """A docstring with the entries to which it refers."""

    def __init__(self, obj_name: str) -> None:
        obj = self._load_obj(obj_name)
        super().__init__(get_doc_object(obj, doc=completed(obj)))


@pytest.mark.parametrize("path", _objects())
def test_docstring_is_well_formed_and_complete(path: str) -> None:
    report = validate(path, Completed)
    assert report["docstring"], f"{path} has no docstring"
    ignored = FORM | OPTIONAL
    if "\n" not in report["docstring"].strip():
        ignored = ignored | SECTIONS
    if inspect.isclass(Validator._load_obj(path)) and "Attributes\n" in report["docstring"]:
        ignored = ignored | {"PR01"}  # records and contexts describe their fields instead
    if getattr(Validator._load_obj(path), "_is_protocol", False):
        ignored = ignored | {"PR01"}  # a protocol is never called
    errors = [f"{code}: {text}" for code, text in report["errors"] if code not in ignored]
    assert not errors, "; ".join(errors)


def undescribed(params: Any, lr: float = 1e-3, extra: int = 0) -> None:
    """Do nothing.

    The parameters are those of :class:`dlcore.optim.SGD`.
    """


def test_a_parameter_described_nowhere_is_found_behind_a_reference() -> None:
    report = validate(f"{__name__}.undescribed", Completed)
    assert ("PR01", "Parameters {'extra'} not documented") in report["errors"]
