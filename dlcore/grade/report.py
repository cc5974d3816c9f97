"""The result of grading, and its JSON form.

The JSON form is one object with these entries:

- ``schema``: 1. A change that a reader of the form would notice raises it.
- ``notebook``, ``exercise_set``: the file graded, and the assignment it was held against.
- ``points``, ``max_points``: of everything that is scored.
- ``exercises``: a list; each has ``exercise``, ``title``, ``stars``, ``kind``, ``status``,
  ``points``, ``max_points``, ``message`` and ``checks``. The status is ``right``,
  ``partly right``, ``wrong``, ``not attempted``, ``not found`` or ``self-assessment``.
- ``checks``: a list; each has ``id``, ``status``, ``points``, ``max_points``, ``visibility``,
  ``hint``, ``expected``, ``got`` and ``message``. The status is ``passed``, ``failed``, ``error``,
  ``timeout``, ``dead kernel`` or ``not run``. Only ``passed`` earns points. A hidden check has no
  hint, expected, got or message; choices and numbers do not give away what was expected.
- ``notes``: what else the learner should know.
"""

import dataclasses
from dataclasses import dataclass, field
from typing import Any

SCHEMA = 1


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
        return {**head, **scores, "exercises": exercises, "notes": self.notes}


def _exercise_json(exercise: ExerciseResult) -> dict[str, Any]:
    """Return one exercise in its JSON form."""
    found = dataclasses.asdict(exercise)
    del found["fate"]
    checks = [{**dataclasses.asdict(check), "points": check.points} for check in exercise.checks]
    scores = {"points": exercise.points, "max_points": exercise.max_points}
    return {**found, "status": exercise.status, **scores, "checks": checks}
