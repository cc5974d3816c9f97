"""Number what a chapter holds, and hold text to the numbers: Section 15.4, Figure 15.3.

A chapter's number is that of its file. The numbers are written into titles and captions as text, so
that they are the same in the page, in its contents, in the search and in print. Text refers to a
place by a link, `[Figure 15.3](#fig-15-attention-map)`, which reads as plain words where there are
no links; one that names another number than its place has fails the build.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.util import logging

from dlcore.notebooks.files import read
from dlcore.notebooks.places import LABEL, Figure, alt_text, figures, pictures

CHAPTER = re.compile(r"chapters/(?P<number>\d\d)_\w+")
FORMULA = re.compile(r"\$([^$]+)\$")
NAMED = re.compile(
    r"\b(?:(?P<kind>section|figure|chapter)s? (?=\d)|(?=\d+\.\d))(?P<number>\d+(?:\.\d+)*)", re.I
)
SAID = re.compile(r"\b(?:Section|Figure)s? \d+\.\d+")
NOT_PROSE = (nodes.reference, nodes.literal, nodes.literal_block, nodes.raw, nodes.title)

logger = logging.getLogger(__name__)


class NumberedFigure(nodes.General, nodes.Element):
    """A picture of a chapter above its caption."""


class FigureCaption(nodes.Part, nodes.TextElement):
    """The number of a figure and the sentence below it."""


# While a page is read -----------------------------------------------------------------------------


def number_page(app: Sphinx, tree: nodes.document) -> None:
    """Describe the pictures of a notebook; in a chapter, number sections and pictures too."""
    page = app.env.docname
    if app.env.doc2path(page).endswith(".ipynb"):
        describe_pictures(app, tree)
    if chapter := CHAPTER.fullmatch(page):
        places = {f"ch-{chapter['number']}": f"Chapter {int(chapter['number'])}"}
        for title, number in titles(tree, str(int(chapter["number"]))):
            title.insert(0, nodes.inline("", f"{number} ", classes=["section-number"]))
            names = [name for name in title.parent["ids"] if LABEL.fullmatch(name)]
            places |= dict.fromkeys(names, f"Section {number}")
        places |= frame_pictures(app, tree, int(chapter["number"]))
        app.env.metadata[page]["places"] = json.dumps(places)


def titles(tree: nodes.Element, number: str) -> Iterator[tuple[nodes.title, str]]:
    """Yield the titles of all sections below the title of a page, with their numbers."""
    (top,) = [node for node in tree if isinstance(node, nodes.section)]
    yield from titles_within(top, number)


def titles_within(section: nodes.Element, number: str) -> Iterator[tuple[nodes.title, str]]:
    """Yield the titles of the sections that a section holds."""
    inner = [node for node in section if isinstance(node, nodes.section)]
    for count, one in enumerate(inner, 1):
        yield one[0], f"{number}.{count}"
        yield from titles_within(one, f"{number}.{count}")


def source_of(app: Sphinx) -> NotebookNode:
    """Return the notebook of the page that is read."""
    return read(Path(app.env.doc2path(app.env.docname)))


def outputs(app: Sphinx, tree: nodes.document) -> Iterator[tuple[Any, list[nodes.container]]]:
    """Yield each cell that shows pictures, with what holds each of them in the page."""
    cells = source_of(app).cells
    for node in tree.findall(nodes.container):
        if node.get("nb_element") == "cell_code":
            inner = node.findall(nodes.container)
            bundles = [one for one in inner if one.get("nb_element") == "mime_bundle"]
            yield (
                cells[node["cell_index"]],
                [one for one in bundles if any(one.findall(nodes.image))],
            )


def describe_pictures(app: Sphinx, tree: nodes.document) -> None:
    """Give each picture its alt text, that of a drawing where its cell has none."""
    for cell, bundles in outputs(app, tree):
        for output, bundle in zip(pictures(cell), bundles, strict=True):
            for image in bundle.findall(nodes.image):
                image["alt"] = alt_text(cell, output)


def frame_pictures(app: Sphinx, tree: nodes.document, chapter: int) -> dict[str, str]:
    """Put each picture of a chapter above its caption; return what they are called, by name."""
    found = iter(figures(source_of(app), chapter))
    places = {}
    for _, bundles in list(outputs(app, tree)):
        for bundle in bundles:
            figure = next(found)
            frame(bundle, figure)
            places[figure.name] = f"Figure {figure.number}"
            make_known(app, figure.name, places[figure.name])
    return places


def frame(bundle: nodes.container, figure: Figure) -> None:
    """Put one picture into a frame with its caption."""
    framed = NumberedFigure(ids=[figure.name])
    text = FigureCaption()
    text += nodes.inline("", f"Figure {figure.number}", classes=["figure-number"])
    text += nodes.Text(" ")
    text += with_formulas(figure.caption)
    bundle.replace_self(framed)
    framed += [bundle, text]


def with_formulas(text: str) -> list[nodes.Node]:
    """Return a sentence as nodes; what stands between dollars is a formula."""
    parts = FORMULA.split(text)
    made = [nodes.math("", part) if i % 2 else nodes.Text(part) for i, part in enumerate(parts)]
    return [node for node in made if node.astext()]


def make_known(app: Sphinx, name: str, title: str) -> None:
    """Let links find a figure by its name, as they find a label."""
    page, std = app.env.docname, app.env.get_domain("std")
    assert isinstance(std, StandardDomain)
    std.labels[name] = (page, name, title)
    std.anonlabels[name] = (page, name)


# Once all pages are read --------------------------------------------------------------------------


def check_numbers(app: Sphinx, tree: nodes.document, page: str) -> None:
    """Warn of a link that names another number than its place has, and of a number without link."""
    places = {
        name: title
        for about in app.env.metadata.values()
        for name, title in json.loads(about.get("places", "{}")).items()
    }
    for link in tree.findall(nodes.reference):
        anchor = link.get("refid") or str(link.get("refuri", "")).rpartition("#")[2]
        if anchor in places and (wrong := stale(link.astext(), places[anchor])):
            logger.warning("%s, #%s", wrong, anchor, location=link, type="numbered")
    for text in tree.findall(nodes.Text):
        if (said := SAID.search(text)) and not inside(text, (*NOT_PROSE, FigureCaption)):
            logger.warning("%r is not a link", said[0], location=text.parent, type="numbered")


def stale(text: str, place: str) -> str:
    """Say how the text of a link is wrong about its place, such as 'Figure 15.3'."""
    kind, number = place.split()
    accepted = {("", number), (kind, number), ("Chapter", number.partition(".")[0])}
    said = [(found["kind"] or "", found["number"]) for found in NAMED.finditer(text)]
    right = all((kind.capitalize(), number) in accepted for kind, number in said)
    return "" if right else f"a link says {text!r}, but its place is {place}"


def inside(node: nodes.Node, kinds: tuple[type[nodes.Node], ...]) -> bool:
    """Say whether a node stands in one of some kinds."""
    while (node := node.parent) is not None:
        if isinstance(node, kinds):
            return True
    return False


# As they are written ------------------------------------------------------------------------------


def html_figure(self: Any, node: nodes.Element) -> None:
    """Open a figure."""
    self.body.append(self.starttag(node, "figure", CLASS="numbered"))


def html_figure_end(self: Any, node: nodes.Element) -> None:
    """Close it."""
    self.body.append("</figure>\n")


def html_caption(self: Any, node: nodes.Element) -> None:
    """Open a caption."""
    self.body.append(self.starttag(node, "figcaption", ""))


def html_caption_end(self: Any, node: nodes.Element) -> None:
    """Close it behind a link to the figure."""
    self.add_permalink_ref(node.parent, "Link to this figure")
    self.body.append("</figcaption>\n")


def latex_figure(self: Any, node: nodes.Element) -> None:
    """Keep picture and caption on one page, where the text has them."""
    self.body.append("\n\n\\noindent\\begin{minipage}{\\linewidth}\n")
    self.body.append(self.hypertarget(node["ids"][0]))


def latex_figure_end(self: Any, node: nodes.Element) -> None:
    """Close the frame."""
    self.body.append("\n\\end{minipage}\n\n")


def latex_caption(self: Any, node: nodes.Element) -> None:
    """Begin a line of small print."""
    self.body.append("\n\n\\noindent{\\small ")


def latex_caption_end(self: Any, node: nodes.Element) -> None:
    """End it."""
    self.body.append("\\par}\n")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx: titles are numbered before it collects them."""
    app.add_node(
        NumberedFigure, html=(html_figure, html_figure_end), latex=(latex_figure, latex_figure_end)
    )
    app.add_node(
        FigureCaption,
        html=(html_caption, html_caption_end),
        latex=(latex_caption, latex_caption_end),
    )
    app.connect("doctree-read", number_page, priority=400)
    app.connect("doctree-resolved", check_numbers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
