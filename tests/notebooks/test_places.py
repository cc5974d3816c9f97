"""What a chapter numbers: sections by their headings, figures by their cells."""

import numpy as np
import pytest

from dlcore.notebooks.places import caption, figures, sections
from tests.notebooks.building import chapter, code, figure, words

SOURCE = """(sec-07-a)=
## A

Text.

```markdown
## no section
```

### Inner"""


def test_sections_are_numbered_by_chapter_and_place() -> None:
    made = chapter(
        words("a", SOURCE),
        code("comment", "## no section either"),
        words("b", "### Second\n\n#### Deep\n\n## B"),
    )
    found = sections(made, 7)
    assert [(one.number, one.name, one.title) for one in found] == [
        ("7.1", "sec-07-a", "A"),
        ("7.1.1", "", "Inner"),
        ("7.1.2", "", "Second"),
        ("7.1.2.1", "", "Deep"),
        ("7.2", "", "B"),
    ]
    assert "Deep" in found[0].source, "a section holds those within it"
    assert "## B" not in found[0].source
    assert found[4].source == "## B"


def test_figures_are_numbered_in_order_and_named_after_their_cells() -> None:
    shown = figure(np.full((2, 2, 4), 255))
    shown.data["text/plain"] = "<Figure: A drawing of 0.5 windows. More.>"
    own = code("own", "draw()", [shown], caption="Its own caption")
    own.metadata["mystnb"] = {"image": {"alt": "What it shows."}}
    found = figures(chapter(code("drawn", "draw()", [shown]), code("none", "1"), own), 7)
    assert [tuple(one) for one in found] == [
        ("7.1", "fig-07-drawn", "A drawing of 0.5 windows.", "A drawing of 0.5 windows. More."),
        ("7.2", "fig-07-own", "Its own caption", "What it shows."),
    ]


@pytest.mark.parametrize(
    ("alt", "first"),
    [
        ("A curve at h = 1e-8. It falls.", "A curve at h = 1e-8."),
        ("The tokens x1, s1, ... across. All.", "The tokens x1, s1, ... across."),
        ("Steps, e.g. of 0.1, on axes. 'Not' is last.", "Steps, e.g. of 0.1, on axes."),
        ("A curve without an end", "A curve without an end"),
        ("Does it fall? Yes.", "Does it fall?"),
    ],
)
def test_the_caption_is_the_first_sentence(alt: str, first: str) -> None:
    assert caption(code("one", "1"), alt) == first
