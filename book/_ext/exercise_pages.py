"""Pages of exercises that can be solved in the browser: overview, folded solutions, data.

The solution of an exercise is put below its last check, and the list of all before the first cell.
What the page's script needs to check answers is laid out by `exercise_sheets`.
"""

import html
import json
from pathlib import Path
from typing import Any

import exercise_sheets
import live
from docutils import nodes
from exercise_sheets import head_of, public
from nbformat import NotebookNode
from sphinx.application import Sphinx

from dlcore.notebooks.exercises import BEGIN, END, Exercise, read_exercises
from dlcore.notebooks.files import ours, read
from dlcore.notebooks.release import WORDS_STUB

FENCE = ":" * 9
BADGE = ' <span class="exercise-badge">build</span>'
WITHOUT = (
    "Where JavaScript is allowed, answers are checked in this page. Without it, write them into "
    "the notebook, which the button at the top downloads, and have <code>dlcore grade</code> "
    "check them."
)


def solution_of(app: Sphinx, page: str) -> Path | None:
    """Return the solution that belongs to a page, if it is a page of exercises."""
    folder, _, name = page.rpartition("/")
    path = Path(app.srcdir) / "solutions" / f"{name}.ipynb"
    return path if folder == "exercises" and path.is_file() else None


# Solutions ---------------------------------------------------------------------------------------


def add_solutions(app: Sphinx, page: str, source: list[str]) -> None:
    """Add the solutions to what is read of a page, after all its cells, whose numbers stay."""
    path = solution_of(app, page)
    if path is None:
        return
    app.env.note_dependency(str(path))
    notebook, solution = json.loads(source[0]), read(path)
    exercises = read_exercises(solution)
    words = {cell.id for found in exercises if found.kind == "text" for cell in found.answers}
    for cell in notebook["cells"]:
        if cell["id"] in words:
            cell["source"] = fenced(f"answer-{cell['id']}", "exercise-words", WORDS_STUB)
    for exercise in exercises:
        text = solution_text(exercise, solution)
        content = fenced(solution_id(exercise), "exercise-explained", text)
        cell_id = solution_id(exercise)
        cell = {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": content}
        notebook["cells"].append(cell)
    source[0] = json.dumps(notebook)


def fenced(name: str, kind: str, text: str) -> str:
    """Return a text in a container with a name."""
    return f"{FENCE}{{container}} {kind}\n:name: {name}\n\n{text}\n\n{FENCE}\n"


def solution_id(exercise: Exercise) -> str:
    """Return the name of a solution on its page."""
    return "solution-" + exercise.number.replace(".", "-")


def solution_text(exercise: Exercise, solution: NotebookNode) -> str:
    """Return the answer and its explanation."""
    parts = []
    for cell in exercise.answers:
        lines = [line for line in cell.source.splitlines() if line.strip() not in (BEGIN, END)]
        answer = "\n".join(lines)
        parts.append(answer if exercise.kind == "text" else f"`````python\n{answer}\n`````")
    for cell in solution.cells:
        entries = ours(cell)
        if (entries.get("exercise"), entries.get("role")) == (exercise.number, "explanation"):
            parts.append(cell.source)
    return "\n\n".join(parts)


def place_solutions(app: Sphinx, tree: nodes.document) -> None:
    """Move each solution below the last cell of its exercise, and fold it."""
    page = app.env.docname
    path = solution_of(app, page)
    if path is None:
        return
    named = {name: node for node in tree.findall(nodes.container) for name in node["ids"]}
    overview = []
    for exercise in read_exercises(read(path)):
        explained = named[solution_id(exercise)]
        explained.parent.remove(explained)
        last = [*exercise.answers, *public(exercise)][-1]
        words = exercise.kind == "text"
        place = named[f"answer-{last.id}" if words else f"cell-{last.id}"]
        at = place.parent.index(place) + 1
        place.parent.insert(at, folded(exercise.number, explained))
        overview.append({**head_of(exercise), "section": section_of(place)})
    app.env.metadata[page]["exercises"] = json.dumps(overview)


def folded(number: str, explained: nodes.Node) -> list[nodes.Node]:
    """Return a solution that is opened on demand."""
    opening = (
        f'<details class="exercise-solution" data-exercise="{number}">\n'
        f"<summary>Solution of {number}</summary>\n"
    )
    return [
        nodes.raw("", opening, format="html"),
        explained,
        nodes.raw("", "</details>\n", format="html"),
    ]


def section_of(node: nodes.Element) -> str:
    """Return the anchor of the section that holds a node."""
    while not isinstance(node, nodes.section):
        node = node.parent
    return str(node["ids"][0])


def drop_solutions(app: Sphinx, tree: nodes.document, page: str) -> None:
    """Leave solutions out where they cannot be folded."""
    if app.builder.format != "html":
        for node in [*tree.findall(nodes.container)]:
            if "exercise-explained" in node["classes"]:
                node.parent.remove(node)


# The overview and the files ---------------------------------------------------------------------


def write_sheets(app: Sphinx, error: Exception | None) -> None:
    """Lay the files out once the pages are written."""
    if error is None and app.builder.format == "html":
        exercise_sheets.lay_out(Path(app.srcdir), Path(app.outdir) / "live" / "exercises")


def add_overview(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Put the list of exercises before the first cell of a page."""
    name = page.rpartition("/")[2]
    live.put_first(app, page, context, "exercises", lambda *about: overview(*about, name))


def overview(exercises: list[dict[str, Any]], root: str, name: str) -> str:
    """Return the list of exercises with their points."""
    rows = "".join(map(row, exercises))
    total = sum(exercise["points"] for exercise in exercises)
    return (
        f'<link rel="stylesheet" href="{root}exercises.css">\n'
        f'<div class="exercise-sheet" role="region" aria-label="Exercises and points" '
        f'data-exercises="{name}">\n'
        f'<p class="exercise-total">{len(exercises)} exercises, {total} points</p>\n'
        f'<noscript><p class="live-note">{WITHOUT}</p></noscript>\n'
        f'<ul class="exercise-list">\n{rows}</ul>\n</div>\n'
    )


def row(exercise: dict[str, Any]) -> str:
    """Return the line of one exercise."""
    worth = exercise["points"]
    count = "not scored" if exercise["kind"] == "text" else f"{worth} point{'s' * (worth != 1)}"
    stars = exercise["stars"]
    badge = BADGE if exercise["kind"] == "build" else ""
    return (
        f'<li data-exercise="{exercise["number"]}"><a href="#{exercise["section"]}">'
        f'<span class="exercise-number">{exercise["number"]}</span> '
        f"<span>{html.escape(exercise['title'])}{badge}</span></a> "
        f'<span class="exercise-stars" role="img" aria-label="{stars} of 3 stars">'
        f"{'★' * stars}</span> "
        f'<span class="exercise-score">{count}</span></li>\n'
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx; `live` marks the cells and lays its files out first."""
    app.connect("source-read", add_solutions)
    app.connect("doctree-read", place_solutions, priority=600)
    app.connect("doctree-resolved", drop_solutions)
    app.connect("html-page-context", add_overview, priority=600)
    app.connect("build-finished", write_sheets, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
