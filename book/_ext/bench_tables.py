"""Tables of speed: `{bench} Growth` shows that section of tests/bench/RESULTS.md on a page."""

from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

RESULTS = "tests/bench/RESULTS.md"


def section(text: str, title: str) -> list[str]:
    """Return the lines under a heading of the second level; another title is an error."""
    parts = {part.split("\n", 1)[0].strip(): part for part in text.split("\n## ")[1:]}
    if title not in parts:
        raise ValueError(f"{RESULTS}: expected one of {sorted(parts)}, got {title!r}")
    return parts[title].splitlines()[1:]


class Bench(SphinxDirective):
    """The directive; its argument is the heading."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the section, and have the page rebuilt when the file changes."""
        path = Path(self.env.srcdir, RESULTS)
        self.env.note_dependency(str(path))
        lines = section(path.read_text(encoding="utf-8"), self.arguments[0])
        container = nodes.container(classes=["bench"])
        self.state.nested_parse(StringList(lines, source=str(path)), self.content_offset, container)
        return [container]


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_directive("bench", Bench)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
