"""Notebooks under pytest and nbval: what must pass passes, and nothing passes in silence."""

import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from nbformat import NotebookNode

from dlcore.notebooks.files import dumps
from tests.notebooks.building import chapter, code, figure, picture, save, stdout

DRAW = """
import base64, io
from IPython.display import Image, display
display(Image(data=base64.b64decode("{}"), format="png"))
""".strip()
SQUARE = np.zeros((40, 40, 4))
SQUARE[10:30, 10:30] = (0, 114, 178, 255)


def drawn(name: str, shown: np.ndarray, stored: np.ndarray) -> NotebookNode:
    output = figure(stored)
    output.data["text/plain"] = "<IPython.core.display.Image object>"
    return code(name, DRAW.format(picture(shown)), [output])


def tagged(cell: NotebookNode, tag: str) -> NotebookNode:
    cell.metadata["tags"] = [tag]
    return cell


def notebooks() -> dict[str, NotebookNode]:
    """Notebooks whose cells say in their ids whether they must pass."""
    uncounted = code("fails-cleared", "print(1)")
    judged = chapter(
        code("passes-same", "print('loss 0.5000')", [stdout("loss 0.5000\n")]),
        code("passes-near", "print('loss 0.5010')", [stdout("loss 0.5000\n")]),
        code("passes-without-output", "x = 1"),
        code("passes-empty", ""),
        code("passes-own-tolerance", "print(1.05)", [stdout("1.0\n")], tolerance=0.1),
        code(
            "passes-accepted",
            "print('share 0.95')",
            [stdout("share 0.99\n")],
            accept={"at_least": 0.9},
        ),
        code("passes-opt-out", "print(3)", [stdout("4\n")], skip_compare="a random number"),
        drawn("passes-picture", SQUARE, SQUARE),
        code(
            "passes-environment", "import os; print(os.environ['DLCORE_PROGRESS'])", [stdout("0\n")]
        ),
        code("passes-folder", "print(os.path.basename(os.getcwd()))", [stdout("chapters\n")]),
        code("fails-number", "print('loss 0.5000')", [stdout("loss 0.6000\n")]),
        code(
            "fails-not-accepted",
            "print('share 0.89')",
            [stdout("share 0.89\n")],
            accept={"at_least": 0.9},
        ),
        code("fails-bad-rule", "print(1)", [stdout("1\n")], accept={"atleast": 1}),
        code("fails-count", "print('1797 images')", [stdout("1798 images\n")]),
        code("fails-text", "print('loss')", [stdout("Loss\n")]),
        code("fails-more-output", "print(1)", []),
        code("fails-less-output", "x = 1", [stdout("1\n")]),
        code("fails-warning", "import warnings; warnings.warn('careful', stacklevel=1)"),
        code("fails-raise", "1 / 0"),
        code("fails-raise-without-comparison", "1 / 0", skip_compare="a random number"),
        code("fails-bad-tolerance", "print(1.0)", [stdout("2.0\n")], tolerance=-1),
        drawn("fails-picture", SQUARE, SQUARE[:, ::-1] * 0),
        code("fails-mark", "# NBVAL_SKIP\nprint(1)", [stdout("2\n")]),
        code("fails-ignore-mark", "# NBVAL_IGNORE_OUTPUT\nprint(1)", [stdout("1\n")]),
        tagged(code("fails-tag", "1 / 0"), "raises-exception"),
        tagged(code("fails-skip-tag", "1 / 0"), "nbval-skip"),
        uncounted,
        code("fails-hidden-error", "get_ipython().showtraceback = lambda *a, **k: None\n1 / 0"),
    )
    uncounted.execution_count = None
    return {
        "01_judged": judged,
        "02_dead": chapter(
            code("passes-before", "print(1)", [stdout("1\n")]),
            code("fails-exit", "import os; os._exit(0)"),
            code("fails-after-exit", "print(1)", [stdout("1\n")]),
        ),
        "03_endless": chapter(
            code("fails-endless", "while True: pass"),
            code("fails-after-endless", "print(1)", [stdout("1\n")]),
        ),
        "04_mutable": chapter(
            code("passes-mutable", "print('0.125 of 8')", [stdout("0.125 of 8\n")])
        ),
    }


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """For each cell, named by notebook and id: what pytest made of it, and why."""
    book = tmp_path_factory.mktemp("book")
    made = notebooks()
    for name, notebook in made.items():
        save(book / "chapters" / f"{name}.ipynb", notebook)
    original = dumps(made["04_mutable"])
    for number, (old, new) in enumerate(
        [("0.125 of 8\\n", "0.135 of 8\\n"), ("of 8\\n", "of 9\\n")]
    ):
        changed = original.replace(f'"{old}"', f'"{new}"').replace(
            f'"0.125 {old}"', f'"0.125 {new}"'
        )
        assert changed != original
        (book / "solutions").mkdir(exist_ok=True)
        (book / "solutions" / f"0{number}_mutated.ipynb").write_text(
            changed.replace("passes-mutable", "fails-mutated")
        )
    (book / "chapters" / "05_broken.ipynb").write_text("{")
    save(book / "elsewhere" / "06_ignored.ipynb", made["04_mutable"])
    report = book / "report.xml"
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "--rootdir", str(book), "-q"]
    options = [
        "-p",
        "dlcore.notebooks.plugin",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-W",
        "error",
    ]
    limits = ["--nbval-cell-timeout=4", f"--junitxml={report}", "--continue-on-collection-errors"]
    subprocess.run([*command, *options, *limits, str(book)], check=False, capture_output=True)
    return dict(_outcome(case) for case in ElementTree.parse(report).iter("testcase"))


def _outcome(case: ElementTree.Element) -> tuple[str, str]:
    """The name of a test and how it went: an empty text for a pass."""
    ended = [
        f"{part.tag}: {part.text}" for part in case if part.tag in ("failure", "error", "skipped")
    ]
    notebook = case.get("classname", "").removesuffix(".ipynb").rpartition(".")[2]
    return f"{notebook}/{case.get('name')}", " ".join(ended)


EXPECTED = [
    f"{name}/{cell.id}"
    for name, made in notebooks().items()
    for cell in made.cells
    if cell.cell_type == "code"
]


@pytest.mark.parametrize("cell", EXPECTED)
def test_a_cell_ends_as_its_name_says(outcomes: dict[str, str], cell: str) -> None:
    found = outcomes[cell]
    if "/passes" in cell:
        assert found == ""
    else:
        assert found.startswith("failure")


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("fails-number", "0.6000 was expected, 0.5000 came"),
        ("fails-cleared", "dlcore outputs"),
        ("fails-mark", "dlcore.skip_compare"),
        ("fails-exit", "the kernel died"),
        ("fails-after-exit", "not run: the kernel was lost in cell fails-exit"),
        ("fails-endless", "Timeout of 4 seconds"),
        ("fails-after-endless", "not run"),
        ("fails-raise", "ZeroDivisionError"),
        ("fails-hidden-error", "did not end well"),
        ("fails-bad-tolerance", "at least 0"),
    ],
)
def test_a_failure_says_why(outcomes: dict[str, str], cell: str, word: str) -> None:
    found = next(value for name, value in outcomes.items() if name.endswith(f"/{cell}"))
    assert word in found


def test_one_changed_number_in_stored_output_fails(outcomes: dict[str, str]) -> None:
    changed = [value for name, value in outcomes.items() if name.endswith("/fails-mutated")]
    assert len(changed) == 2
    assert all(value.startswith("failure") for value in changed)


def test_a_file_that_is_no_notebook_is_an_error(outcomes: dict[str, str]) -> None:
    assert any("not JSON" in value for value in outcomes.values())


def test_only_chapters_and_solutions_are_collected(outcomes: dict[str, str]) -> None:
    assert not any("ignored" in name for name in outcomes)
