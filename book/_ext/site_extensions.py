"""The extensions of the site that are the book's own: each is set up here, in this order.

`_config.yml` names this one; those of other makers are listed there.
"""

from sphinx.application import Sphinx

OURS = (
    "api_reference",
    "bench_tables",
    "chapter_marks",
    "citations",
    "decks",
    "exercise_pages",
    "first_cell",
    "glossary_parts",
    "guesses",
    "light_code",
    "light_figures",
    "light_icons",
    "light_styles",
    "live",
    "mathematics",
    "named_toggles",
    "numbered_places",
    "offline",
    "policy",
    "progress_page",
    "result_table",
    "timeline",
)


def setup(app: Sphinx) -> dict[str, bool]:
    """Set them all up."""
    for name in OURS:
        app.setup_extension(name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
