"""Formulas are set while the site is built, and what touches them stays on their line."""

from typing import Any

import mathematics
import pytest
from docutils import nodes
from docutils.utils import new_document

from tests.site.pages import CHAPTERS, soup


def test_a_formula_is_set_for_the_eye_and_as_mathml() -> None:
    found = mathematics.typeset("x^2 < 3", False)
    assert '<annotation encoding="application/x-tex">x^2 &lt; 3</annotation>' in found
    assert '<span class="katex-html" aria-hidden="true">' in found


def test_a_formula_that_cannot_be_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The site is built with warnings as errors."""
    said: list[str] = []
    monkeypatch.setattr(mathematics.logger, "warning", lambda text, *args: said.append(text % args))
    assert mathematics.typeset(r"\nothing{<}", False) == r"<code>\nothing{&lt;}</code>"
    assert r"\\nothing" in said[0]
    assert "Undefined control sequence" in said[0]


def test_what_sphinx_wrote_around_a_formula_stays() -> None:
    framed = mathematics.set_written('<div class="math"><span>(1)</span>\\[a &lt; b\\]</div>\n')
    assert framed.startswith('<div class="math"><span>(1)</span><div><span class="katex-display">')
    assert framed.endswith("</div></div>\n")


@pytest.mark.parametrize(("formula", "long"), [("x + y", False), ("+".join("a" * 30), True)])
def test_only_a_formula_as_long_as_a_line_may_break(formula: str, long: bool) -> None:
    assert ('"katex long"' in mathematics.set_written(f"\\({formula}\\)")) == long


def paragraph(*parts: Any) -> nodes.paragraph:
    found = nodes.paragraph()
    for part in parts:
        found += part if isinstance(part, nodes.Node) else nodes.Text(part)
    return found


def math() -> nodes.math:
    return nodes.math("", "x")


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        (("so ", math(), ". Then"), "so |x.| Then"),
        (("(", math(), ") and"), "|(x)| and"),
        (("the ", math(), "th of ", math(), ", in all"), "the |xth| of |x,| in all"),
        (("if ", math(), " is"), "if x is"),
        ((math(), "-dimensional"), "|x-|dimensional"),
    ],
)
def test_signs_that_touch_a_formula_stay_with_it(parts: Any, wanted: str) -> None:
    document = new_document("page")
    document += paragraph(*parts)
    mathematics.KeepTogether(document).run()
    shown = [
        f"|{part.astext()}|" if isinstance(part, nodes.inline) else part.astext()
        for part in document[0]
    ]
    assert "".join(shown) == wanted


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_page_sets_its_formulas_itself(html: Any, name: str) -> None:
    page = soup(html / f"{name}.html")
    scripts = [script.get("src", "") for script in page.select("script")]
    assert not [source for source in scripts if "katex" in source.lower()]
    assert page.select("link[href*='katex.min.css']")
    formulas = page.select("article .math")
    assert len(formulas) > 5
    assert all(formula.select_one(".katex-mathml math") for formula in formulas)


@pytest.mark.parametrize("name", CHAPTERS)
def test_numbered_formulas_are_referred_to(html: Any, name: str) -> None:
    page = soup(html / f"{name}.html")
    for link in page.select('article a[href^="#equation-"]'):
        target = page.find(id=link["href"][1:])
        assert target is not None, link
        assert target.select_one(".katex"), link
