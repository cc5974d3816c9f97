"""The page of the reader's progress: what there is, counted here; what is done, the browser knows.

Chapters get a script that notes which sections were read, and the site the parts of `mydl.py`.
"""

import html
import json
from pathlib import Path
from typing import Any

from docutils import nodes
from exercise_sheets import describe
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.osutil import relative_uri

from dlcore.grade.builds.joining import Build, parts
from dlcore.notebooks.exercises import read_exercises
from dlcore.notebooks.files import notebooks_in, read

PAGE = "book/progress"
PLACE = '<div id="progress"></div>'
OPENED = (
    "This page was opened as a file, where it cannot see what the browser keeps of the others. Run "
    "'make serve' and open the address it names."
)
_OF_EXERCISE = ("number", "title", "kind", "points", "edition")


def note_sections(app: Sphinx, tree: nodes.document) -> None:
    """Remember the sections of a chapter, each of which can be read."""
    page = app.env.docname
    if page.startswith("chapters/"):
        titles = [node for node in tree.children if isinstance(node, nodes.section)]
        inner = [node for title in titles for node in title.children]
        found = [str(node["ids"][0]) for node in inner if isinstance(node, nodes.section)]
        app.env.metadata[page]["sections"] = json.dumps(found)


def always(app: Sphinx, env: BuildEnvironment, *changes: set[str]) -> list[str]:
    """Have the page made anew each time: it counts what stands on others."""
    return [PAGE] if PAGE in env.found_docs else []


def chapters(app: Sphinx) -> list[dict[str, Any]]:
    """Return what there is to do in each chapter, from the chapters themselves."""
    found = []
    for path in notebooks_in(Path(app.srcdir) / "chapters"):
        page = f"chapters/{path.stem}"
        if page not in app.env.found_docs:
            continue
        about = app.env.metadata.get(page, {})
        asked = json.loads(about.get("guesses", '{"predictions": []}'))["predictions"]
        found.append(
            {
                "page": page,
                "number": int(path.stem[:2]),
                "title": app.env.titles[page].astext(),
                "sections": json.loads(about.get("sections", "[]")),
                "predictions": [one["cells"][0] for one in asked],
                "name": path.stem,
                "exercises": exercises(Path(app.srcdir) / "solutions" / path.name),
            }
        )
    return found


def exercises(solution: Path) -> list[dict[str, Any]]:
    """Return the exercises of a chapter, as its page of exercises counts them."""
    if not solution.is_file():
        return []
    every = map(describe, read_exercises(read(solution)))
    return [{name: one[name] for name in _OF_EXERCISE} for one in every]


def library(root: Path) -> list[dict[str, Any]]:
    """Return the parts of `mydl.py`, and where the browser finds what has passed."""
    builds, places = [], {}
    for path in notebooks_in(root / "solutions"):
        for one in read_exercises(read(path)):
            if one.kind == "build":
                builds.append(Build(one.number, one.title, tuple(one.builds)))
                places[one.number] = {"name": path.stem, "edition": describe(one)["edition"]}
    return [{**part._asdict(), **places.get(part.exercise, {})} for part in parts(builds)]


# The page -----------------------------------------------------------------------------------------


def add_table(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Put the table into the page of the progress, and the script that notes into chapters."""
    root = relative_uri(app.builder.get_target_uri(page), "live/")
    if page == PAGE:
        context["body"] = context["body"].replace(PLACE, table(chapters(app), root))
    elif page.startswith("chapters/") and "body" in context:
        context["body"] += noting(page, root)


def noting(page: str, root: str) -> str:
    """Return the script that notes what is read of a chapter."""
    return (
        f'<script>if (location.protocol !== "file:") import(new URL("{root}reading.mjs", location))'
        f'.then(({{ follow }}) => follow("{page}"), () => {{}});</script>\n'
    )


def table(found: list[dict[str, Any]], root: str) -> str:
    """Return what there is to do, as a table that a script fills with what is done."""
    about = json.dumps(found).replace("<", "\\u003c")
    start = (
        f'if (location.protocol !== "file:") import(new URL("{root}progress.mjs", location));\n'
        f'else document.querySelector(".progress-says").textContent = "{OPENED}";'
    )
    return (
        f'<link rel="stylesheet" href="{root}live.css">\n'
        f'<link rel="stylesheet" href="{root}exercises.css">\n'
        f'<link rel="stylesheet" href="{root}progress.css">\n'
        '<div id="progress" role="region" aria-label="Your progress">\n'
        '<noscript><p class="live-note">What is done is kept by the browser and shown by a script. '
        "Without JavaScript the table says what there is.</p></noscript>\n"
        '<p class="progress-says" role="status"></p>\n'
        '<div class="progress-actions"></div>\n'
        '<table class="progress-table">\n<thead><tr><th scope="col">Chapter</th>'
        '<th scope="col">Sections</th><th scope="col">Guesses</th><th scope="col">Points</th>'
        f'<th scope="col">Build</th></tr></thead>\n<tbody>\n{"".join(map(row, found))}</tbody>\n'
        f"<tfoot>{total(found)}</tfoot>\n</table>\n{''.join(map(details, found))}</div>\n"
        f'<script type="application/json" id="progress-page">{about}</script>\n'
        f"<script>{start}</script>\n"
    )


def row(chapter: dict[str, Any]) -> str:
    """Return the line of one chapter."""
    builds = [one["number"] for one in chapter["exercises"] if one["kind"] == "build"]
    name = f"{chapter['number']} · {html.escape(chapter['title'])}"
    return (
        f'<tr data-page="{chapter["page"]}"><th scope="row">'
        f'<a href="../{chapter["page"]}.html">{name}</a></th>{cells(counts(chapter))}'
        f'<td data-part="build" data-title="Build">{", ".join(builds) or "–"}</td></tr>\n'
    )


def total(found: list[dict[str, Any]]) -> str:
    """Return the line of all chapters together."""
    every = list(map(counts, found))
    sums = {name: sum(one[name] for one in every) for name in counts(None)}
    builds = sum(one["kind"] == "build" for chapter in found for one in chapter["exercises"])
    return (
        f'<tr data-page="all"><th scope="row">All</th>{cells(sums)}'
        f'<td data-part="build" data-title="Build">{builds}</td></tr>'
    )


def counts(chapter: dict[str, Any] | None) -> dict[str, int]:
    """Return how many sections, guesses and points there are."""
    if chapter is None:
        return dict.fromkeys(("sections", "guesses", "points"), 0)
    points = sum(one["points"] for one in chapter["exercises"])
    sections, guesses = len(chapter["sections"]), len(chapter["predictions"])
    return {"sections": sections, "guesses": guesses, "points": points}


def cells(most: dict[str, int]) -> str:
    """Return the cells of a line, with what there is."""
    return "".join(
        f'<td data-part="{name}" data-title="{name.capitalize()}">{count or "–"}</td>'
        for name, count in most.items()
    )


def details(chapter: dict[str, Any]) -> str:
    """Return the exercises of a chapter, folded."""
    if not chapter["exercises"]:
        return ""
    rows = "".join(
        f'<li data-exercise="{one["number"]}"><span class="exercise-number">{one["number"]}</span> '
        f"<span>{html.escape(one['title'])}</span> "
        f'<span class="exercise-score">{one["points"] or "not scored"}</span></li>\n'
        for one in chapter["exercises"]
    )
    place = f"../exercises/{chapter['name']}.html"
    return (
        f'<details class="progress-exercises" data-page="{chapter["page"]}">\n'
        f"<summary>Exercises of chapter {chapter['number']}</summary>\n"
        f'<ul class="progress-list">\n{rows}</ul>\n'
        f'<p><a href="{place}">Open the exercises of chapter {chapter["number"]}</a></p>\n'
        "</details>\n"
    )


def write_library(app: Sphinx, error: Exception | None) -> None:
    """Lay the parts of `mydl.py` beside the scripts."""
    if error is None and app.builder.format == "html":
        text = json.dumps(library(Path(app.srcdir)), ensure_ascii=False)
        (Path(app.outdir) / "live" / "mydl.json").write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx; `live` lays its files out first."""
    app.connect("doctree-read", note_sections)
    app.connect("env-get-outdated", always)
    app.connect("html-page-context", add_table, priority=700)
    app.connect("build-finished", write_library, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
