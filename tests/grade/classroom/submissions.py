"""Submissions made by the hundred, each with the points that it must get.

``python -m tests.grade.classroom.submissions FOLDER [COUNT]`` writes an assignment and COUNT
submissions for it (200 by default), grades them as a class and says whether every score is what it
was made to be.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from nbformat import NotebookNode

from dlcore.grade.report.html import report_name
from dlcore.notebooks.files import read
from tests.grade.building import assignment
from tests.notebooks.building import code, exercise, notebook, solved, words

NAME = "01_first"
MAX_POINTS = 12


def solution() -> NotebookNode:
    """Functions with several checks (one hidden), a choice, a number and words."""
    double = exercise(
        "1.1",
        solved("return 2 * x"),
        {
            "print(f'{f(2.0):.3f}')": "4.000\n",
            "print(f'{float(f(np.ones(3)).sum()):.3f}')": "6.000\n",
        },
    )
    square = exercise(
        "1.2",
        solved("return x * x").replace("def f", "def g"),
        {"print(f'{g(3.0):.2f}')": "9.00\n", "print(f'{g(-0.5):.2f}')": "0.25\n"},
    )
    square[3].metadata["dlcore"]["visibility"] = "hidden"
    chosen = '### BEGIN SOLUTION\nanswer_1_3 = "B"\n### END SOLUTION'
    number = "### BEGIN SOLUTION\nanswer_1_4 = 3.5\n### END SOLUTION"
    return notebook(
        words("title", "# Exercises"),
        code("setup", "import math\nimport numpy as np"),
        *double,
        *square,
        *exercise("1.3", chosen, {"print('chosen', answer_1_3)": "chosen B\n"}, kind="choice"),
        *exercise("1.4", number, {"print(float(answer_1_4))": "3.5\n"}, kind="number"),
        words("ex-1-5-prompt", "Why?", exercise="1.5", role="prompt", title="Why", stars=3),
        words("ex-1-5-answer", "Therefore.", exercise="1.5", role="answer", kind="text"),
    )


# For each exercise: answers and the points that they earn.
ANSWERS: dict[str, list[tuple[str, int]]] = {
    "1.1": [
        ("def f(x):\n    return 2 * x", 4),
        ("f = lambda x: x + x", 4),
        ("def f(x):\n    return np.float32(2) * x", 4),
        ("def f(x):\n    return 4.0", 2),  # right for the first check alone
        ("def f(x):\n    return 3 * x", 0),
        ("def f(x):\n    print('debugging')\n    return 2 * x", 4),
        ("def f(x)\n    return 2 * x", 0),
        ("", 0),
    ],
    "1.2": [
        ("def g(x):\n    return x * x", 4),
        ("def g(x):\n    return x ** 2", 4),
        ("def g(x):\n    return abs(x) * x", 2),  # the hidden check finds it
        ("def g(x):\n    return 9.0", 2),
        ("def g(x):\n    return 2 * x", 0),
        ("1 / 0", 0),
    ],
    "1.3": [
        ('answer_1_3 = "B"', 2),
        ('answer_1_3 = "A"', 0),
        ("answer_1_3 = None", 0),
    ],
    "1.4": [
        ("answer_1_4 = 3.5", 2),
        ("answer_1_4 = 7 / 2", 2),
        ("answer_1_4 = 35", 0),
        ("answer_1_4 = float('nan')", 0),
    ],
    "1.5": [("Because.", 0), ("", 0)],
}

# Answers to 1.1 that try to get points, or to harm; the rest of the notebook is honest.
HOSTILE = [
    "import os\ndef f(x):\n    os._exit(0)",
    "get_ipython().showtraceback = lambda *a, **k: None\ndef f(x):\n    raise ValueError",
    "math.isclose = np.allclose = lambda *a, **k: True\ndef f(x):\n    return 0.0 * x",
    "import builtins\nbuiltins.print = lambda *a: None\ndef f(x):\n    return 0.0 * x",
    "def f(x):\n"
    "    print('<script>alert(1)</script>\\x1b[2J\\ud800', 'y' * 10**5)\n    return 0 * x",
    "raise SystemExit",
    "import sys\nsys.exit(0)",
    "def f(x):\n    raise KeyboardInterrupt",
    "class Same:\n    def __eq__(self, other):\n        return True\n"
    "    def __mul__(self, other):\n        return self\ndef f(x):\n    return Same()",
    "open('/tmp/made-by-an-answer', 'w')",
    "import subprocess\nsubprocess.run(['true'])\ndef f(x):\n    return 0 * x",
    "# PYTEST_VALIDATE_IGNORE_OUTPUT\ndef f(x):\n    return 0.0 * x",
]


class Made(NamedTuple):
    """A submission: its file, and its points for each exercise, or None if it has to be refused."""

    file: str
    points: dict[str, int] | None


Damage = Callable[[Path, dict[str, Any]], dict[str, int] | None]


def truncated(path: Path, made: dict[str, Any]) -> None:
    """A notebook saved half-way."""
    text = json.dumps(made)
    path.write_text(text[: len(text) // 2])


def no_notebook(path: Path, made: dict[str, Any]) -> None:
    """Something else under the name of a notebook."""
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")


def another_assignment(path: Path, made: dict[str, Any]) -> None:
    """A notebook that there is no solution for."""
    made["metadata"]["dlcore"]["exercise_set"] = "99_other"
    path.with_name("99_other.ipynb").write_text(json.dumps(made))


def a_link(path: Path, made: dict[str, Any]) -> None:
    """A link to the solution."""
    path.symlink_to(path.parents[2] / "book" / "solutions" / f"{NAME}.ipynb")


def nested(path: Path, made: dict[str, Any]) -> None:
    """JSON that is nested deeper than anything reads."""
    path.write_text("[" * 100_000)


def twice(path: Path, made: dict[str, Any]) -> dict[str, int]:
    """Two cells with the identifier of one answer: it is not known which of them counts."""
    cell = answer_cell(made, "1.1")
    made["cells"].append({**cell, "source": "def f(x):\n    return 2 * x + 1"})
    path.write_text(json.dumps(made))
    return {"1.1": 0}


def windows(path: Path, made: dict[str, Any]) -> dict[str, int]:
    """Line ends of Windows, and a mark at the start of the file."""
    for cell in made["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    path.write_text(json.dumps(made), encoding="utf-8-sig")
    return {}


def marked(path: Path, made: dict[str, Any]) -> dict[str, int]:
    """Marks and tags that tell nbval to skip everything."""
    for cell in made["cells"]:
        cell["metadata"]["tags"] = ["nbval-skip", "nbval-ignore-output"]
    path.write_text(json.dumps(made))
    return {}


def reordered(path: Path, made: dict[str, Any]) -> dict[str, int]:
    """All cells in the opposite order."""
    made["cells"].reverse()
    path.write_text(json.dumps(made))
    return {}


DAMAGES: list[Damage] = [
    *(truncated, no_notebook, another_assignment, a_link, nested),
    *(twice, windows, marked, reordered),
]


def answer_cell(made: dict[str, Any], number: str) -> dict[str, Any]:
    """The answer cell of an exercise in a notebook."""
    name = f"ex-{number.replace('.', '-')}-answer"
    return next(cell for cell in made["cells"] if cell["id"] == name)


def make_class(top: Path, count: int, seed: int = 0) -> list[Made]:
    """Write a book with one assignment, and a class with this many submissions for it."""
    exercise_file = assignment(top / "book", solution())
    rng = random.Random(seed)
    return [_submission(top / "class", number, rng, exercise_file) for number in range(count)]


def _submission(folder: Path, number: int, rng: random.Random, exercise_file: Path) -> Made:
    """Write one submission: of four, two are honest, one is hostile and one is damaged."""
    made: dict[str, Any] = json.loads(json.dumps(read(exercise_file)))
    points = {}
    for name, answers in ANSWERS.items():
        answer, points[name] = rng.choice(answers) if number % 8 else answers[0]
        answer_cell(made, name)["source"] = answer
    path = folder / f"learner-{number:03d}" / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    changed: dict[str, int] | None = {}
    if number % 4 == 2:
        answer_cell(made, "1.1")["source"] = HOSTILE[number // 4 % len(HOSTILE)]
        changed = {"1.1": 0}
    if number % 4 == 3:
        changed = DAMAGES[number // 4 % len(DAMAGES)](path, made)
    else:
        path.write_text(json.dumps(made))
    (written,) = path.parent.iterdir()
    file = written.relative_to(folder).as_posix()
    return Made(file, None if changed is None else {**points, **changed})


def differences(made: list[Made], out: Path) -> list[str]:
    """What the report in a folder says otherwise than the submissions were made to be."""
    wrong = []
    for one in made:
        report = out / report_name(one.file, ".json")
        found = None
        if report.exists():
            exercises = json.loads(report.read_text())["exercises"]
            found = {entry["exercise"]: entry["points"] for entry in exercises}
        if found != one.points:
            wrong.append(f"{one.file}: made for {one.points}, got {found}")
    return wrong


def _peak(process: Any) -> int:
    """Memory in bytes of a process and all below it, shared pages counted once for each."""
    import psutil

    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_info().rss
        except psutil.Error:
            continue
    return total


def main() -> int:
    """Make a class, grade it, and print what came out with throughput and memory."""
    import psutil

    top, count = Path(sys.argv[1]), int((sys.argv[2:] or ["200"])[0])
    made = make_class(top, count)
    command = [sys.executable, "-m", "dlcore.cli", "grade", "--class", str(top / "class")]
    command += ["--out", str(top / "report"), "--solutions", str(top / "book" / "solutions")]
    start, peaks = time.monotonic(), {"all": 0, "grader": 0}
    with psutil.Popen([*command, *sys.argv[3:]], env={**os.environ}) as run:
        while run.poll() is None:
            peaks["all"] = max(peaks["all"], _peak(run))
            peaks["grader"] = max(peaks["grader"], run.memory_info().rss)
            time.sleep(0.2)
    seconds = time.monotonic() - start
    wrong = differences(made, top / "report")
    print("\n".join(wrong))
    print(f"{count} submissions in {seconds:.0f} s, {60 * count / seconds:.0f} a minute;", end=" ")
    print(f"{len(wrong)} scores differ; exit {run.returncode};", end=" ")
    print(
        ", ".join(f"peak memory of {name} {peak / 2**20:.0f} MiB" for name, peak in peaks.items())
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
