"""The house: floors, lazy imports, and what the base install needs."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
FLOORS: dict[str, int] = {
    "memory": 0,
    "random": 0,
    "storage": 0,
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


def test_the_lock_can_be_installed_on_the_first_release_of_the_oldest_python() -> None:
    """Stable systems stay with an early 3.11: the Python of Debian 12 is 3.11.2."""
    lock = [
        Requirement(line)
        for line in (ROOT / "requirements.lock").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert len(lock) > 100
    wants = {one.name: metadata.metadata(one.name).get("Requires-Python") or "" for one in lock}
    assert not {name for name, said in wants.items() if "3.11.0" not in SpecifierSet(said)}


def _brought_by(extra: str) -> set[str]:
    """The packages that an extra of dlcore names, also by way of other extras."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    wanted = [Requirement(line) for line in extras[extra]]
    inner = {name for one in wanted if one.name == "dlcore" for name in one.extras}
    return {one.name for one in wanted}.union(*(_brought_by(name) for name in inner))


def test_one_extra_brings_all_that_the_notebooks_import() -> None:
    """A hosted notebook installs ``dlcore[chapters]``, and so does Binder."""
    cells = [
        "".join(cell["source"])
        for path in [*ROOT.glob("chapters/*.ipynb"), *ROOT.glob("solutions/*.ipynb")]
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    found = {n for cell in cells for n in re.findall(r"^ *(?:from|import) (\w+)", cell, re.M)}
    makers = metadata.packages_distributions()
    packages = {maker for name in found - BASE for maker in makers.get(name, [])}
    assert {"optuna", "torch"} <= packages <= _brought_by("chapters")
    requirements = (ROOT / ".binder" / "requirements.txt").read_text().splitlines()
    assert [line for line in requirements if not line.startswith("#")] == [".[chapters]"]
    script = ROOT / ".binder" / "postBuild"
    assert "\ndlcore data\n" in script.read_text()
    assert script.stat().st_mode & 0o111, "Binder runs it only if it is executable"


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
