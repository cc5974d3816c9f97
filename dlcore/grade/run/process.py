"""Assembled cells run in a process and a kernel of their own, and what came of it."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from nbformat import NotebookNode

from dlcore.grade import limits
from dlcore.grade.report import Containment
from dlcore.grade.run.places import own_folder
from dlcore.grade.run.rewriting import (
    alone,
    given_data,
    given_names,
    loaded_first,
    own_names,
    value_kinds,
)
from dlcore.notebooks.exercises import Exercise
from dlcore.notebooks.files import ours
from dlcore.notebooks.names import defined_names, top_names

_SESSION = (
    "import sys; from dlcore.notebooks import spare_schema_checker; spare_schema_checker(); "
    "from dlcore.grade.run.session import main; sys.exit(main())"
)


_PRINTS = re.compile(r"\b(?:print|display|stdout|stderr)\b")


class Solved(Protocol):
    """What a run needs to know of the solution."""

    path: Path
    exercises: list[Exercise]


Endings = dict[str, dict[str, Any]]  # by cell: its status, what it printed, and a message


class GradingError(Exception):
    """The notebook could not be graded through no fault of the answers."""


@dataclass
class Run:
    """What came of a run: how each cell ended, and what held the learner's code."""

    endings: Endings = field(default_factory=dict)
    containment: Containment = field(default_factory=Containment)


def run_cells(
    cells: list[NotebookNode],
    reference: Solved,
    *,
    timeout: float,
    secret: Sequence[Path] = (),
    printed: bool = False,
) -> Run:
    """Run assembled cells in a process and a kernel of their own.

    Parameters
    ----------
    cells : list of NotebookNode
        What `Reference.with_answers` returned.
    reference : Solved
        The solution.
    timeout : float
        Seconds for an answer or a check.
    secret : sequence of Path
        Folders that the kernel must not see.
    printed : bool
        Whether to return what each cell printed rather than compare it.

    Returns
    -------
    Run
        How each cell that was run ended, and what held the kernel.

    Raises
    ------
    GradingError
        If the process ended without results, or did not end.
    """
    answers = [
        cell.source
        for exercise in reference.exercises
        for cell in exercise.answers
        if exercise.kind != "text"
    ]
    checks = [check.source for exercise in reference.exercises for check in exercise.checks]
    given = [cell.source for cell in cells if not ours(cell).get("role")]
    data = given_data(given, [*answers, *checks])
    made = _as_run(cells, answers, reference.exercises, data)
    with own_folder("dlcore-") as folder:
        plan = {
            "cells": made,
            "answers": [cell["source"] for cell in made if ours(cell).get("role") == "answer"],
            "data": sorted(data),
            "folder": str(folder),
            "timeout": timeout,
            "printed": printed,
            "total": limits.TOTAL,
            "memory": limits.MEMORY,
            "processor": limits.PROCESSOR * (os.cpu_count() or 1),
            "secret": sorted({str(path.resolve()) for path in (*secret, reference.path.parent)}),
            "own_names": sorted(own_names(answers, checks)),
            "given": sorted(given_names(cells) - top_names(answers)),
        }
        environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
        try:
            ended = subprocess.run(
                [sys.executable, "-P", "-c", _SESSION],  # loads no module from the current folder
                input=json.dumps(plan),
                capture_output=True,
                text=True,
                env=environment,
                check=False,
                start_new_session=True,
                timeout=limits.START + limits.TOTAL,
            )
        except subprocess.TimeoutExpired as late:
            raise GradingError(f"the run did not end within {late.timeout:g} seconds") from None
    try:
        came = json.loads(ended.stdout)
        endings: Endings = came["results"]
    except (ValueError, KeyError):
        last = ended.stderr.strip().splitlines()[-1:] or ["no word why"]
        raise GradingError(f"the grading process failed: {last[0]}") from None
    if came["fault"]:
        raise GradingError(f"the run broke off: {came['fault']}")
    if came["executed"] != len(cells):
        raise GradingError(f"{len(cells)} cells should have been run, {came['executed']} were")
    if not endings:
        raise GradingError("no kernel could be started to run the notebook")
    held = Containment(**came["held"])
    held.enforced.append(f"time: {timeout:g} seconds a cell, {limits.TOTAL:g} for all")
    return Run(endings, held)


def _as_run(
    cells: list[NotebookNode], answers: list[str], exercises: list[Exercise], data: set[str]
) -> list[NotebookNode]:
    """Return cells as they are sent to the kernel: each check keeps its names to itself."""
    given, answered = given_names(cells), top_names(answers)
    classes = sorted(defined_names(answers, (ast.ClassDef,)))
    of_number = {exercise.number: exercise for exercise in exercises}
    found = [cell.copy() for cell in cells]  # type: ignore[no-untyped-call]
    for cell in found:
        if ours(cell).get("role") == "check":
            number = str(ours(cell)["exercise"]).partition("/")[0]  # an attempt has more behind it
            exercise = of_number[number]
            cell["source"] = alone(
                cell["source"],
                given,
                answered,
                classes,
                data=data,
                kinds=value_kinds(exercise, cell["source"]),
                prints=any(_PRINTS.search(answer.source) for answer in exercise.answers),
            )
        elif ours(cell).get("role") == "answer":
            cell["source"] = loaded_first(cell["source"])
    return found
