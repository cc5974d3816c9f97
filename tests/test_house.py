"""The house: floors, lazy imports, and what the base install needs."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS: dict[str, int] = {
    "memory": 0,
    "random": 0,
    "operators": 0,
    "tape": 0,
    "tensor": 0,
    "hooks": 0,
    "function": 0,
    "ops": 1,
    "functional": 2,
    "forward": 2,
    "gradcheck": 2,
    "optim": 3,
    "data": 3,
    "metrics": 3,
    "nn": 4,
    "plot": 4,
    "models": 5,
    "train": 5,
    "notebooks": 6,
    "interop": 6,
    "grade": 7,
    "cli": 8,
}
MODULES = sorted((ROOT / "dlcore").rglob("*.py"))
BASE = {"numpy", "dlcore", *sys.stdlib_module_names}


def _part(module: str) -> str:
    """The room of a dotted name: dlcore.ops.reduce is in ops."""
    return module.split(".")[1] if "." in module else ""


def _imports(path: Path) -> list[tuple[str, bool]]:
    """Absolute names that a module imports, and whether it does so at its top."""
    tree = ast.parse(path.read_text())
    typed = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    top = {id(node) for node in tree.body}
    found = []
    for node in ast.walk(tree):
        if id(node) in typed:
            continue
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            name = node.module or ""
            inner = [f"{name}.{alias.name}" for alias in node.names] if name == "dlcore" else [name]
            found += [(n, id(node) in top) for n in inner]
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_imports_only_from_floors_below_its_own(path: Path) -> None:
    relative = path.relative_to(ROOT / "dlcore")
    own = relative.parts[0].removesuffix(".py")
    if own == "__init__":
        return  # the front door hands names on
    assert own in FLOORS, f"{own} has no floor: give it one here and in the design"
    for name, at_top in _imports(path):
        part = _part(name)
        if name.startswith("dlcore.") and part in FLOORS and part != own:
            # On the ground floor the parts of one mechanism know each other; functions there may
            # reach up lazily for a name.
            below = FLOORS[part] < FLOORS[own] or FLOORS[part] == FLOORS[own] in (0, 2)
            assert below or (not at_top and FLOORS[part] <= FLOORS[own]), f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_library_needs_numpy_alone_at_import(path: Path) -> None:
    part = path.relative_to(ROOT / "dlcore").parts[0].removesuffix(".py")
    if part in FLOORS and FLOORS[part] >= 6:
        return  # notebooks and grader are extras
    heavy = {n.split(".")[0] for n, at_top in _imports(path) if at_top} - BASE
    assert not heavy, f"{path} imports {heavy} at its top; import inside the function that needs it"


def test_importing_dlcore_loads_nothing_heavy() -> None:
    code = (
        "import sys, dlcore; dlcore.nn; dlcore.optim; dlcore.data; dlcore.train; dlcore.plot;"
        "print(*(m for m in ('matplotlib', 'torch', 'sklearn', 'scipy', 'pandas', 'tqdm', 'nbval')"
        " if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_base_install_is_numpy_alone() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert [re.split(r"[<>=~ ]", d)[0] for d in project["dependencies"]] == ["numpy"]
    assert project["requires-python"] == ">=3.11"


def test_every_name_of_the_front_door_exists() -> None:
    import dlcore

    for name in dlcore.__all__:
        assert getattr(dlcore, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        dlcore.nothing  # noqa: B018


def test_no_module_grows_into_a_hall() -> None:
    """Files stay short; those over 300 lines are mostly docstrings, and never over 450."""
    long = {
        str(p.relative_to(ROOT)): n for p in MODULES if (n := len(p.read_text().splitlines())) > 450
    }
    assert not long
