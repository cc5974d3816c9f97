"""The public names of the library: each is proven by a test beside a reference, or says why not.

A name counts as proven where a test file that loads the reference of its family (PyTorch for what
carries PyTorch's names, scikit-learn or SciPy for scores) uses it, in code or in a table of cases.
"""

import importlib
import inspect
import io
import re
import token
import tokenize
from functools import cache
from pathlib import Path

import pytest
from public_names import public_names

import dlcore
from tests.test_docstrings import PUBLIC
from tests.test_house import ROOMS

TESTS = Path(__file__).parent
ROOT = TESTS.parent
ANY = ("",)
REFERENCES = {
    "dlcore.functional": ("torch",),
    "dlcore.nn": ("torch",),
    "dlcore.nn.init": ("torch", "scipy"),
    "dlcore.optim": ("torch",),
    "dlcore.optim.lr_scheduler": ("torch",),
    "dlcore.metrics": ("sklearn", "scipy", "torch"),
    "dlcore.models": ("torch",),
}
# Beside what else a name is proven, where the reference of its family has no such thing.
OTHERWISE = {
    "dlcore.optim.AdaBound": "its published equations",
    "dlcore.optim.Lion": "its published equations",
}
PRIVATE = {  # shown at the front door
    *("dlcore", "hooks", "in_place", "memory", "methods", "random", "selection", "tape"),
    "torch_names",
}


@cache
def _words(path: Path) -> frozenset[str]:
    """Identifiers of a test file, in its code and in its strings, but not in its docstrings."""
    found: set[str] = set()
    before = token.NEWLINE
    for part in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
        docstring = part.type == token.STRING and before in (token.NEWLINE, token.INDENT)
        if part.type in (token.NAME, token.STRING) and not docstring:
            found.update(re.findall(r"\w+", part.string))
        if part.type not in (token.NL, token.COMMENT):
            before = part.type
    return frozenset(found)


def _public() -> list[tuple[str, str]]:
    pairs = []
    for module_name in PUBLIC:
        module = importlib.import_module(module_name)
        for name in public_names(module):
            value = getattr(module, name)
            own = getattr(value, "__module__", "").startswith("dlcore")
            if own and (inspect.isfunction(value) or (inspect.isclass(value) and _acts(value))):
                pairs.append((module_name, name))
    return pairs


def _acts(cls: type) -> bool:
    """Whether a class does something: records and protocols are proven with what uses them."""
    return not (issubclass(cls, tuple) or getattr(cls, "_is_protocol", False))


@pytest.mark.parametrize(("module", "name"), _public())
def test_a_public_name_is_proven_beside_its_reference(module: str, name: str) -> None:
    references = REFERENCES.get(module, ANY)
    users = [
        path for path in TESTS.rglob("test_*.py") if name in _words(path) and path != Path(__file__)
    ]
    assert users, f"no test uses {module}.{name}"
    beside = [path for path in users if any(not ref or ref in _words(path) for ref in references)]
    full = f"{module}.{name}"
    if full in OTHERWISE:
        assert not beside, f"{full} is proven in {beside[0].name}: take it off the list"
    else:
        assert beside, f"{full} is used in {users[0].name}, but beside none of {references}"


def test_every_public_part_is_on_the_list() -> None:
    """A new room of the library is documented and proven, or this fails."""
    rooms = {name.split(".")[1] for name in PUBLIC if "." in name}
    shown = {"tensor", "function", "gradcheck"}  # through the front door
    handed_on = {"storage"}  # by train and interop
    programs = {"notebooks", "cli", "ops", "serve"}  # the commands' own tests, the registry's
    assert ROOMS - PRIVATE - shown - handed_on - programs == rooms


def test_every_public_primitive_has_a_row() -> None:
    rows = {row.function for row in dlcore.ops.REGISTRY.values()}
    classes = {
        value
        for path in (ROOT / "dlcore/ops").glob("*.py")
        for value in vars(importlib.import_module(f"dlcore.ops.{path.stem}")).values()
        if inspect.isclass(value) and issubclass(value, dlcore.Function)
        if value.__module__ == f"dlcore.ops.{path.stem}" and value.__name__[0] != "_"
    }
    assert classes == rows
