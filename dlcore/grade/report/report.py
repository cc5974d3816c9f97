"""The result of grading, and its JSON form.

The JSON form is one object with these entries:

- ``schema``: 1. A change that a reader of the form would notice raises it.
- ``notebook``, ``exercise_set``: the file graded, and the assignment it was held against.
- ``points``, ``max_points``: of everything that is scored.
- ``exercises``: a list; each has ``exercise``, ``title``, ``stars``, ``kind``, ``status``,
  ``points``, ``max_points``, ``message``, ``repairs``, ``rubric`` and ``checks``. The status is
  ``right``, ``partly right``, ``wrong``, ``not attempted``, ``not found`` or ``self-assessment``.
  ``repairs`` says what was put right to grade a notebook that is not in its original form, and
  ``rubric`` what a good answer in words holds, one sentence each, for whoever judges it.
- ``checks``: a list; each has ``id``, ``status``, ``points``, ``max_points``, ``visibility``,
  ``hint``, ``expected``, ``got``, ``message`` and ``part``. The status is ``passed``, ``failed``,
  ``error``, ``timeout``, ``dead kernel`` or ``not run``. Only ``passed`` earns points. A hidden
  check has no hint, expected, got or message; choices and numbers do not give away what was
  expected. ``part`` is ``shape``, ``value`` or ``gradient`` where the points of an exercise are
  split so, and otherwise empty.
- ``notes``: what else the learner should know.
- ``containment``: what held the learner's code while it ran: a list under ``enforced``, and a list
  of what this machine could not hold back under ``not_enforced``. Both are empty if nothing ran.
- ``hidden_pending``: the exercises that have hidden checks which were not run this time.

The same as a JSON Schema lies beside this module, in ``report.schema.json``; `schema` reads it.
"""

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCHEMA = 1


@dataclass
class Containment:
    """What held the learner's code, and what this machine could not hold back."""

    enforced: list[str] = field(default_factory=list)
    not_enforced: list[str] = field(default_factory=list)


@dataclass
class CheckResult:
    """What one check found."""

    id: str
    status: str
    max_points: int
    visibility: str = "public"
    hint: str | None = None
    expected: str | None = None
    got: str | None = None
    message: str | None = None
    part: str = ""

    @property
    def points(self) -> int:
        """All points of the check if it passed, otherwise none."""
        return self.max_points if self.status == "passed" else 0


@dataclass
class ExerciseResult:
    """What became of one exercise."""

    exercise: str
    title: str
    stars: int
    kind: str
    message: str | None = None
    checks: list[CheckResult] = field(default_factory=list)
    fate: str | None = None
    repairs: list[str] = field(default_factory=list)
    rubric: list[str] = field(default_factory=list)

    @property
    def points(self) -> int:
        """The sum over the checks."""
        return sum(check.points for check in self.checks)

    @property
    def max_points(self) -> int:
        """The points of the exercise when everything is right."""
        return sum(check.max_points for check in self.checks)

    @property
    def status(self) -> str:
        """One of the words that the module's documentation lists."""
        if self.kind == "text" and self.fate is None:
            return "self-assessment"
        if self.fate:
            return self.fate
        if self.points == self.max_points:
            return "right"
        return "partly right" if self.points else "wrong"


@dataclass
class Report:
    """The result of grading one notebook."""

    notebook: str
    exercise_set: str
    exercises: list[ExerciseResult]
    notes: list[str] = field(default_factory=list)
    containment: Containment = field(default_factory=Containment)
    hidden_pending: list[str] = field(default_factory=list)

    @property
    def points(self) -> int:
        """The sum over the exercises."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def max_points(self) -> int:
        """The points when everything is right."""
        return sum(exercise.max_points for exercise in self.exercises)

    @property
    def full_marks(self) -> bool:
        """Whether every point was earned; never true where there are none."""
        return 0 < self.max_points == self.points

    @property
    def lost(self) -> bool:
        """Whether not one answer was found, so that the notes say all there is to say."""
        return {exercise.status for exercise in self.exercises} == {"not found"}

    def note_pending(self, told: list[Any]) -> None:
        """Note which exercises have hidden checks that were not run this time.

        Parameters
        ----------
        told : list
            The exercises of which the hand-out tells that they have hidden checks.
        """
        self.hidden_pending = [
            exercise.exercise
            for exercise in self.exercises
            if exercise.exercise in told
            and all(check.visibility != "hidden" for check in exercise.checks)
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the report in its JSON form.

        Returns
        -------
        dict
            See the documentation of this module.
        """
        head = {"schema": SCHEMA, "notebook": self.notebook, "exercise_set": self.exercise_set}
        scores = {"points": self.points, "max_points": self.max_points}
        exercises = [_exercise_json(exercise) for exercise in self.exercises]
        held = dataclasses.asdict(self.containment)
        end = {"notes": self.notes, "containment": held, "hidden_pending": self.hidden_pending}
        return {**head, **scores, "exercises": exercises, **end}

    @classmethod
    def from_json(cls, form: dict[str, Any]) -> "Report":
        """Return the report that has this JSON form.

        Parameters
        ----------
        form : dict
            What `to_json` returned.

        Returns
        -------
        Report
            The report.

        Raises
        ------
        ValueError
            If the form is not one of this schema.
        """
        try:
            if form["schema"] != SCHEMA:
                raise ValueError(f"schema must be {SCHEMA}, got {form['schema']!r}")
            report: Report = _made(cls, form)
            report.containment = _made(Containment, form["containment"])
            report.exercises = [_exercise_of(found) for found in form["exercises"]]
        except (KeyError, TypeError) as error:
            raise ValueError(f"not the JSON form of a report: {error}") from None
        if report.to_json() != form:
            raise ValueError("not the JSON form of a report: its entries contradict each other")
        return report


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the JSON form.

    Returns
    -------
    dict
        The content of ``report.schema.json``.
    """
    path = Path(__file__).with_name("report.schema.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def as_json(form: Any) -> str:
    """Return the JSON form of a report as text.

    Parameters
    ----------
    form : object
        What `Report.to_json` returned, or a list of it.

    Returns
    -------
    str
        Lines with an indent of two; halves of characters are spelt as JSON spells them.
    """
    text = json.dumps(form, indent=2, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def _made(kind: Any, form: dict[str, Any]) -> Any:
    """Return a dataclass filled with those entries of a form that it has fields for."""
    names = {entry.name for entry in dataclasses.fields(kind)}
    return kind(**{name: value for name, value in form.items() if name in names})


def _exercise_of(form: dict[str, Any]) -> ExerciseResult:
    exercise: ExerciseResult = _made(ExerciseResult, form)
    exercise.checks = [_made(CheckResult, check) for check in form["checks"]]
    if form["status"] != exercise.status:
        exercise.fate = form["status"]
    return exercise


def _exercise_json(exercise: ExerciseResult) -> dict[str, Any]:
    found = dataclasses.asdict(exercise)
    del found["fate"]
    checks = [{**dataclasses.asdict(check), "points": check.points} for check in exercise.checks]
    scores = {"points": exercise.points, "max_points": exercise.max_points}
    return {**found, "status": exercise.status, **scores, "checks": checks}
