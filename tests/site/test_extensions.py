"""The extensions of the site, and the data that lie beside it."""

import live_files
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


def test_the_wheel_of_the_pages_leaves_the_enclosure_out() -> None:
    """It is for Linux, and a page has what is needed to judge a check."""
    names = {path.relative_to(ROOT).as_posix() for path in live_files.library_files()}
    assert {"dlcore/grade/judging.py", "dlcore/grade/quick.py"} < names
    assert not [name for name in names if "enclosure" in name]


def test_public_names_are_those_defined_and_those_handed_on() -> None:
    assert public_names(dlcore.ops) == ["REGISTRY", "Row"]  # which come when they are asked for
    assert {"Dual", "jvp"} <= set(public_names(dlcore.forward))
    assert not {"Tensor", "Context", "Any"} & set(public_names(dlcore.forward))
    assert {"Linear", "Module"} <= set(public_names(dlcore.nn))
    assert not [name for name in public_names(dlcore) if name[0] == "_"]
