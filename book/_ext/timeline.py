"""The timeline page, drawn from its data file: `{timeline} timeline.csv` writes an event a row."""

import csv
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

COLUMNS = ["year", "name", "what", "key", "parameters"]


def read_events(path: Path) -> list[dict[str, str]]:
    """Read the rows of the file, oldest first; another header is an error."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != COLUMNS:
            raise ValueError(f"{path.name}: expected columns {COLUMNS}, got {reader.fieldnames}")
        return sorted(reader, key=lambda event: int(event["year"]))


def table(events: list[dict[str, str]]) -> list[str]:
    """Write the events as the lines of a Markdown table with citations."""
    lines = ["| year | name | what happened | parameters | source |", "|---|---|---|---:|---|"]
    for event in events:
        size = f"{int(event['parameters']):,}" if event["parameters"] else ""
        lines.append(
            f"| {event['year']} | **{event['name']}** | {event['what']} | {size} "
            f"| {{cite:t}}`{event['key']}` |"
        )
    return lines


class Timeline(SphinxDirective):
    """The directive; its argument is the data file, relative to the page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table, and have the page rebuilt when the file changes."""
        relative, absolute = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(relative)
        lines = StringList(table(read_events(Path(absolute))), source=absolute)
        container = nodes.container(classes=["timeline"])
        self.state.nested_parse(lines, self.content_offset, container)
        return [container]


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_directive("timeline", Timeline)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
