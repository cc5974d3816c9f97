"""The house: one order of rooms without a circle, and what the base install needs."""

import ast
import io
import json
import re
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "dlcore").rglob("*.py"))
BASE = {"numpy", "dlcore", *sys.stdlib_module_names}
EXTRAS = {"interop", "notebooks", "grade", "cli"}  # rooms that need more than NumPy
DESIGN = (  # from the ground up; `dlcore` is the front door, which hands names on
    "memory random storage tape torch_names",
    "methods",
    "selection",
    "in_place",
    "hooks",
    "tensor",
    "function",
    "ops",
    "functional",
    "data forward gradcheck metrics nn optim plot",
    "dlcore train",
    "models",
    "interop notebooks",
    "grade serve",
    "cli",
)


class Import(NamedTuple):
    """One import of a module of the library by another."""

    by: str
    of: str
    names: str


def _dotted(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _nodes(path: Path) -> Iterator[ast.AST]:
    """Walk over a module, but not into what is there for the types alone."""
    waiting: list[ast.AST] = [ast.parse(path.read_text())]
    while waiting:
        node = waiting.pop()
        yield node
        children = ast.iter_child_nodes(node)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            children = iter(node.orelse)
        waiting += children


def _imports(root: Path) -> list[Import]:
    """What the modules of a library import from each other, inside functions too."""
    paths = sorted((root / "dlcore").rglob("*.py"))
    known = {_dotted(path, root) for path in paths}
    found = []
    for path in paths:
        for node in _nodes(path):
            if isinstance(node, ast.Import):
                pairs = [(alias.name, "") for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: imports are absolute"
                pairs = [(f"{node.module}.{n.name}", n.name) for n in node.names]
            else:
                continue
            for module, name in pairs:
                of = module if module in known else module.rpartition(".")[0]
                if of in known:
                    found.append(Import(_dotted(path, root), of, name))
    return found


def _room(module: str) -> str:
    """The room of a module: dlcore.ops.reduce is in ops."""
    return f"{module}.".split(".")[1] or module


def _order(imports: list[Import], part: Callable[[str], str]) -> list[list[str]]:
    """Sort parts into layers, each above all that it imports; a circle is shown and fails."""
    below: dict[str, set[str]] = {}
    for one in imports:
        below.setdefault(part(one.by), set()).update({part(one.of)} - {part(one.by)})
    sorter = TopologicalSorter(below)
    try:
        sorter.prepare()
    except CycleError as error:
        shown = _circle(error.args[1][::-1], imports, part)
        raise pytest.fail.Exception(shown, pytrace=False) from None
    layers = []
    while sorter.is_active():
        layers.append(sorted(sorter.get_ready()))
        sorter.done(*layers[-1])
    return layers


def _circle(parts: list[str], imports: list[Import], part: Callable[[str], str]) -> str:
    lines = [f"imports go round in a circle: {' -> '.join(parts)}"]
    for pair in pairwise(parts):
        for by, of in sorted({(i.by, i.of) for i in imports if (part(i.by), part(i.of)) == pair}):
            names = [i.names for i in imports if (i.by, i.of) == (by, of)]
            lines.append(f"  {by} -> {of}: {', '.join(filter(None, names)) or 'the module'}")
    return "\n".join(lines)


IMPORTS = _imports(ROOT)
ROOMS = {_room(_dotted(path, ROOT)) for path in MODULES}


def test_rooms_stand_in_one_order_without_a_circle() -> None:
    print(" < ".join(" ".join(layer) for layer in _order(IMPORTS, _room)))


def test_files_stand_in_one_order_without_a_circle() -> None:
    assert len(_order(IMPORTS, str)) > len(DESIGN)


def test_the_order_is_that_of_the_design() -> None:
    places = {room: i for i, line in enumerate(DESIGN) for room in line.split()}
    assert places.keys() == ROOMS, "every room has its place in DESIGN"
    up = [i for i in IMPORTS if places[_room(i.of)] >= places[_room(i.by)]]
    assert not [one for one in up if _room(one.of) != _room(one.by)]


def _plant(root: Path, **modules: str) -> None:
    for name, text in modules.items():
        path = root / "dlcore" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def test_an_import_upwards_is_found_and_its_circle_shown(tmp_path: Path) -> None:
    lazy = "def f():\n    from dlcore.tensor import Tensor, grad\n"
    _plant(tmp_path, tape=lazy, hooks="from dlcore import tape", tensor="import dlcore.hooks")
    with pytest.raises(pytest.fail.Exception) as caught:
        _order(_imports(tmp_path), _room)
    text = str(caught.value)
    assert re.match(r"imports go round in a circle: (\w+) -> \w+ -> \w+ -> \1\n", text)
    assert "  dlcore.tape -> dlcore.tensor: Tensor, grad" in text
    assert "  dlcore.tensor -> dlcore.hooks: the module" in text


def test_an_import_for_the_types_alone_may_point_upwards(tmp_path: Path) -> None:
    typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from dlcore import tensor\n"
    _plant(tmp_path, tape=typed, tensor="from dlcore.tape import sweep\nimport numpy")
    assert _order(_imports(tmp_path), _room) == [["tape"], ["tensor"]]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_library_needs_numpy_alone_at_import(path: Path) -> None:
    if _room(_dotted(path, ROOT)) in EXTRAS:
        return
    top = ast.parse(path.read_text()).body
    names = [alias.name for node in top if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in top if isinstance(node, ast.ImportFrom)]
    heavy = {name.split(".")[0] for name in names} - BASE
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

    for name in ("nn", "optim", "data", "metrics", "plot", "train", "models", "float32"):
        assert getattr(dlcore, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        dlcore.nothing  # noqa: B018


def _lines_of_code(text: str) -> int:
    """Count the lines that are not blank, comment or docstring."""
    prose = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    layout = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    code = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in layout | {tokenize.ENDMARKER}
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(code - prose)


def test_no_module_grows_into_a_hall() -> None:
    sizes = {str(p.relative_to(ROOT)): _lines_of_code(p.read_text()) for p in MODULES}
    assert not {name: size for name, size in sizes.items() if size > 300}


def test_lines_of_code_are_counted_without_prose() -> None:
    prose = '"""Prose,\n\nmore of it."""\n\n# and a comment\n'
    assert _lines_of_code(prose) == 0
    assert _lines_of_code(prose + 'x = [  # another\n    1,\n]\ny = """a\n\nb"""\n') == 6
