"""The glossary out of its parts: `{terms} glossary` joins the files of a folder, one a chapter."""

from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.domains.std import Glossary


class Terms(Glossary):
    """A glossary, sorted, of the terms in all files of a folder beside the page."""

    has_content = False
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Give the lines of all files, each with its place, to Sphinx's own directive."""
        self.options["sorted"] = None
        self.content = StringList()
        folder = Path(self.env.doc2path(self.env.docname)).parent / self.arguments[0]
        for path in sorted(folder.glob("*.md")):
            self.env.note_dependency(str(path))
            lines = [*path.read_text(encoding="utf-8").splitlines(), ""]
            self.content.append(StringList(lines, source=str(path)))
        return super().run()


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer the directive."""
    app.add_directive("terms", Terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
