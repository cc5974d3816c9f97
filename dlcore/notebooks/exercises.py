"""What the metadata of an exercise notebook say: its exercises, their answers and checks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode

from dlcore.notebooks.accept import accept_of
from dlcore.notebooks.compare import tolerance_of
from dlcore.notebooks.files import NotebookError, ours
from dlcore.notebooks.names import defined_names

KINDS = ("code", "build", "choice", "number", "text")
ROLES = ("prompt", "answer", "check", "explanation")
VISIBILITIES = ("public", "hidden")
PARTS = ("shape", "value", "gradient")  # what a check looks at, where points are split so
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_NUMBER = re.compile(r"(\d+)\.(\d+)")


@dataclass
class Exercise:
    """One exercise: its cells by role, in the order of the notebook."""

    number: str
    kind: str = "code"
    title: str = ""
    stars: int = 1
    prompts: list[NotebookNode] = field(default_factory=list)
    answers: list[NotebookNode] = field(default_factory=list)
    checks: list[NotebookNode] = field(default_factory=list)
    rubric: list[str] = field(default_factory=list)
    builds: list[str] = field(default_factory=list)

    @property
    def points(self) -> int:
        """The points of all checks; free text is not scored and has none."""
        return sum(int(str(ours(check)["points"])) for check in self.checks)

    @property
    def long(self) -> bool:
        """Whether a check of it takes seconds, since it trains: every build, and who says so."""
        return self.kind == "build" or any(ours(check).get("long", "") for check in self.checks)

    @property
    def stub(self) -> str:
        """The line that the learner replaces by an answer."""
        return f'raise NotImplementedError("exercise {self.number}")'


def read_exercises(notebook: NotebookNode) -> list[Exercise]:
    """Return the exercises of a solution, in the order in which they come.

    Parameters
    ----------
    notebook : NotebookNode
        A notebook of ``solutions/``.

    Returns
    -------
    list of Exercise
        The exercises.

    Raises
    ------
    NotebookError
        If a cell's metadata are wrong; the message has one line for each fault.
    """
    found, faults = _gather(notebook)
    for exercise in found.values():
        faults += _faults_of(exercise)
    if faults:
        raise NotebookError("\n".join(faults))
    return list(found.values())


def _gather(notebook: NotebookNode) -> tuple[dict[str, Exercise], list[str]]:
    """Sort the cells of a notebook by exercise and role."""
    found: dict[str, Exercise] = {}
    faults: list[str] = []
    for cell in notebook.cells:
        entries = ours(cell)
        cell_faults = list(_cell_faults(cell, entries))
        faults += [f"cell {cell.get('id', '?')}: {fault}" for fault in cell_faults]
        if cell_faults or "role" not in entries:
            continue
        number = str(entries["exercise"])
        exercise = found.setdefault(number, Exercise(number))
        if entries["role"] == "prompt":
            exercise.prompts.append(cell)
            exercise.title = str(entries.get("title", ""))
            exercise.stars = int(str(entries.get("stars", 1)))
        elif entries["role"] == "answer":
            exercise.answers.append(cell)
            exercise.kind = str(entries["kind"])
            exercise.builds += entries.get("builds", [])
        elif entries["role"] == "check":
            if not exercise.answers:
                faults.append(f"cell {cell.id}: the check comes before any answer to {number}")
            exercise.checks.append(cell)
        elif "rubric" in entries:
            exercise.rubric = [*cell.metadata["dlcore"]["rubric"]]
    return found, faults


def _cell_faults(cell: NotebookNode, entries: dict[str, object]) -> Iterator[str]:
    """Yield what is wrong with one cell taken by itself."""
    role, number = entries.get("role"), entries.get("exercise")
    if role is None:
        if number is not None:
            yield "has an exercise but no role"
        if BEGIN in cell.source or END in cell.source:
            yield "has a solution block, but is no answer"
        return
    if role not in ROLES:
        yield f"role must be one of {', '.join(ROLES)}, got {role!r}"
        return
    if not isinstance(number, str) or not _NUMBER.fullmatch(number):
        yield f'exercise must be a text such as "6.3", got {number!r}'
    yield from {
        "prompt": _prompt_faults,
        "answer": _answer_faults,
        "check": _check_faults,
        "explanation": _explanation_faults,
    }[str(role)](cell, entries)


def _prompt_faults(cell: NotebookNode, entries: dict[str, object]) -> Iterator[str]:
    """Yield what is wrong with a prompt."""
    if cell.cell_type != "markdown":
        yield "a prompt must be a markdown cell"
    if not entries.get("title"):
        yield "a prompt needs a title"
    if entries.get("stars") not in (1, 2, 3):
        yield f"stars must be 1, 2 or 3, got {entries.get('stars')!r}"


def _explanation_faults(cell: NotebookNode, entries: dict[str, object]) -> Iterator[str]:
    """Yield what is wrong with an explanation."""
    if cell.cell_type != "markdown":
        yield "an explanation must be a markdown cell"
    rubric = entries.get("rubric", ["…"])
    if not isinstance(rubric, list) or not rubric or not all(isinstance(r, str) for r in rubric):
        yield f"rubric must be a list of sentences, got {rubric!r}"


def _answer_faults(cell: NotebookNode, entries: dict[str, object]) -> Iterator[str]:
    """Yield what is wrong with an answer."""
    kind = entries.get("kind")
    if kind not in KINDS:
        yield f"kind must be one of {', '.join(KINDS)}, got {kind!r}"
    elif kind == "text":
        if cell.cell_type != "markdown":
            yield "an answer in words must be a markdown cell"
    elif cell.cell_type != "code":
        yield f"an answer of kind {kind} must be a code cell"
    else:
        yield from _block_faults(cell.source, needed=True)
    yield from _builds_faults(cell, entries)


def _builds_faults(cell: NotebookNode, entries: dict[str, object]) -> Iterator[str]:
    """Yield what is wrong with the names that an answer says it builds."""
    if entries.get("kind") != "build":
        if "builds" in entries:
            yield "builds belongs to an answer of kind build"
        return
    names = entries.get("builds")
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        yield f"builds must list the names that the cell defines, got {names!r}"
    elif missing := sorted({*names} - defined_names([cell.source])):
        yield f"builds names what the cell does not define: {', '.join(missing)}"


def _block_faults(source: str, needed: bool) -> Iterator[str]:
    """Yield what is wrong with the solution blocks of an answer."""
    open_at, blocks = 0, 0
    for number, line in enumerate(source.splitlines(), start=1):
        if line.strip() == BEGIN:
            if open_at:
                yield f"line {number}: {BEGIN} again, before the {END} of line {open_at}"
            open_at, blocks = number, blocks + 1
        elif line.strip() == END:
            if not open_at:
                yield f"line {number}: {END} without {BEGIN}"
            open_at = 0
        elif BEGIN in line or END in line:
            yield f"line {number}: a solution mark must stand alone in its line"
    if open_at:
        yield f"line {open_at}: {BEGIN} without {END}"
    if needed and not blocks:
        yield f"has no {BEGIN} … {END}"


def _check_faults(cell: NotebookNode, entries: dict[str, object]) -> Iterator[str]:
    """Yield what is wrong with a check."""
    points = entries.get("points")
    if cell.cell_type != "code":
        yield "a check must be a code cell"
    if isinstance(points, bool) or not isinstance(points, int) or points < 1:
        yield f"points must be a whole number of at least 1, got {points!r}"
    if entries.get("visibility", "public") not in VISIBILITIES:
        yield f"visibility must be public or hidden, got {entries.get('visibility')!r}"
    if entries.get("part", PARTS[0]) not in PARTS:
        yield f"part must be one of {', '.join(PARTS)}, got {entries['part']!r}"
    if not entries.get("hint"):
        yield "a check needs a hint"
    if entries.get("skip_compare"):
        yield "a check cannot opt out of comparison"
    try:
        tolerance_of(entries)
        accept_of(entries)
    except ValueError as error:
        yield str(error)


def _faults_of(exercise: Exercise) -> Iterator[str]:
    """Yield what is wrong with an exercise taken as a whole."""
    name = f"exercise {exercise.number}"
    kinds = {str(ours(cell)["kind"]) for cell in exercise.answers}
    if not exercise.answers:
        yield f"{name}: has no answer cell"
    if len(exercise.prompts) != 1:
        yield f"{name}: needs one prompt, has {len(exercise.prompts)}"
    if len(kinds) > 1:
        yield f"{name}: has answers of more than one kind: {', '.join(sorted(kinds))}"
    if exercise.kind == "text" and exercise.checks:
        yield f"{name}: an answer in words cannot be checked by a cell"
    if exercise.kind == "build" and len(exercise.answers) > 1:
        yield f"{name}: a build has one answer cell, this one has {len(exercise.answers)}"
    if exercise.kind != "text" and not exercise.checks:
        yield f"{name}: has no check"
