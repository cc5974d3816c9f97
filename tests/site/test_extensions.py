"""The extensions of the site, and the data that lie beside it."""

import subprocess
import sys
from pathlib import Path

import live_files
import live_wheel
import policy
import site_extensions
import yaml
from public_names import public_names

import dlcore
from dlcore.data import FILES
from tests.site.pages import ROOT

FOLDER = ROOT / "book" / "_ext"


def test_every_extension_of_the_folder_is_set_up_and_named_once() -> None:
    with_setup = {p.stem for p in FOLDER.glob("*.py") if "\ndef setup(" in p.read_text("utf-8")}
    assert {*site_extensions.OURS, "site_extensions"} == with_setup
    assert len(set(site_extensions.OURS)) == len(site_extensions.OURS)
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]
    assert list(settings["local_extensions"]) == ["site_extensions"]
    assert with_setup & {*settings["config"]["extensions"]} == {"site_extensions"}


def test_pages_get_the_data_that_the_book_needs_but_for_parquet() -> None:
    given = live_files.data_of_pages()
    assert {"digits", "mnist_5k", "breast_cancer", "diabetes_data", "stocks"} < set(given)
    needed = {name for name, file in FILES.items() if file.in_book}
    assert needed - set(given) == {"house_prices"}
    assert sum(FILES[name].size for name in given) < 5e6


def test_the_wheel_of_the_pages_holds_what_a_page_can_use() -> None:
    """The rooms of an installed book stay out, but for what judges a check of an exercise."""
    names = {path.relative_to(ROOT).as_posix() for path in live_wheel.library_files()}
    assert {"dlcore/nn/__init__.py", "dlcore/grade/judging.py", "dlcore/grade/quick.py"} < names
    assert "dlcore/interop/safetensors.py" in names
    unused = ("cli", "grade/run/enclosure", "grade/classroom", "interop/torch", "notebooks/lint")
    assert not [name for name in names if name.startswith(tuple(f"dlcore/{u}" for u in unused))]


def test_what_the_wheel_holds_imports_without_the_rest(tmp_path: Path) -> None:
    (tmp_path / "dlcore.whl").write_bytes(live_wheel.library_wheel())
    live = ROOT / "book" / "live" / "python"
    program = (
        "import sys; sys.path[:0] = [{!r}, {!r}]\n"
        "import dlcore, exercise_checks, live_runner, dlcore.interop.safetensors\n"
        "print(dlcore.__file__)"
    ).format(str(tmp_path / "dlcore.whl"), str(live))
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert said.stdout.startswith(str(tmp_path))


def test_a_page_may_ask_for_nothing_but_its_site() -> None:
    """And, where Python does not lie beside the site, for the public one."""
    assert policy.policy(local=True).startswith("default-src 'self' ")
    assert "//" not in policy.policy(local=True)
    host = live_files.PINS["public"].split("/")[2]
    assert f" https://{host};" in policy.policy(local=False)


def test_public_names_are_those_defined_and_those_handed_on() -> None:
    assert public_names(dlcore.ops) == ["REGISTRY", "Row"]  # which come when they are asked for
    assert {"Dual", "jvp"} <= set(public_names(dlcore.forward))
    assert not {"Tensor", "Context", "Any"} & set(public_names(dlcore.forward))
    assert {"Linear", "Module"} <= set(public_names(dlcore.nn))
    assert not [name for name in public_names(dlcore) if name[0] == "_"]
