"""What a page of exercises reads to check answers, as `live/exercises/NAME.json`.

It holds the notebook as it is handed out, and for each exercise what its public checks print when
the solution runs. Hidden checks are left out.
"""

import ast
import hashlib
import json
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from dlcore.notebooks.compare import tolerance_of
from dlcore.notebooks.exercises import Exercise, read_exercises
from dlcore.notebooks.files import notebooks_in, ours, read
from dlcore.notebooks.syntax import parsed


def public(exercise: Exercise) -> list[NotebookNode]:
    """Return the checks that learners see."""
    return [cell for cell in exercise.checks if ours(cell).get("visibility") != "hidden"]


def points(exercise: Exercise) -> int:
    """Return the points of the checks that learners see."""
    return sum(int(str(ours(cell)["points"])) for cell in public(exercise))


def head_of(exercise: Exercise) -> dict[str, Any]:
    """Return what the overview says of an exercise."""
    head = {name: getattr(exercise, name) for name in ("number", "title", "stars", "kind")}
    return {**head, "points": points(exercise)}


def describe(exercise: Exercise) -> dict[str, Any]:
    """Return what the page must know to check one exercise."""
    builds = {"builds": exercise.builds} if exercise.builds else {}
    about = {
        **head_of(exercise),
        **builds,
        "rubric": exercise.rubric,
        "field": field_of(exercise),
        "answers": [cell.id for cell in exercise.answers],
        "checks": [check_of(cell) for cell in public(exercise)],
    }
    sources = [cell.source for cell in public(exercise)]
    text = json.dumps([about, sources], sort_keys=True)
    return {**about, "edition": hashlib.sha256(text.encode()).hexdigest()[:12]}


def check_of(cell: NotebookNode) -> dict[str, Any]:
    """Return what a public check is worth, and what it prints for the solution
    or accepts in its place."""
    entries = ours(cell)
    accepted = {"accept": entries["accept"]} if "accept" in entries else {}
    return {
        **accepted,
        "id": cell.id,
        "points": entries["points"],
        "hint": entries["hint"],
        "part": entries.get("part", ""),
        "tolerance": tolerance_of(entries),
        "expected": cell.outputs,
    }


def field_of(exercise: Exercise) -> dict[str, Any] | None:
    """Name the variable, and its parts, of an answer that is one assignment of values."""
    if exercise.kind not in ("choice", "number") or len(exercise.answers) != 1:
        return None
    body = parsed(exercise.answers[0].source).body
    if len(body) != 1 or not isinstance(body[0], ast.Assign):
        return None
    target, value = body[0].targets[0], body[0].value
    if not isinstance(target, ast.Name):
        return None
    if isinstance(value, ast.Dict):
        parts = [ast.literal_eval(key) for key in value.keys if isinstance(key, ast.Constant)]
        return {"variable": target.id, "parts": parts}
    plain = isinstance(value, ast.Constant | ast.UnaryOp)
    return {"variable": target.id, "parts": []} if plain else None


def sheet(path: Path, solution: Path) -> dict[str, Any]:
    """Return all that a page of exercises reads; nothing of hidden checks is in it."""
    return {
        "name": path.stem,
        "notebook": json.loads(path.read_text(encoding="utf-8")),
        "exercises": [describe(exercise) for exercise in read_exercises(read(solution))],
    }


def lay_out(root: Path, folder: Path) -> None:
    """Write a file for each page of exercises into `folder`, the `live/exercises/` of the site."""
    folder.mkdir(parents=True, exist_ok=True)
    for solution in notebooks_in(root / "solutions"):
        path = root / "exercises" / solution.name
        if path.is_file():
            text = json.dumps(sheet(path, solution), ensure_ascii=False, separators=(",", ":"))
            (folder / f"{path.stem}.json").write_text(text, encoding="utf-8")
