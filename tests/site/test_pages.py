"""The built files: every page is there, every link leads somewhere, every figure is described."""

import functools
import importlib
import json
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from bs4 import BeautifulSoup, Tag
from public_names import public_names

from tests.site.pages import CHAPTERS, NOTEBOOKS, PAGES, ROOT, settings, soup

OWN_PAGES = {"index", "genindex", "py-modindex", "prf-prf", "search"}  # made by Sphinx itself


def page(html: Path, name: str) -> BeautifulSoup:
    return soup(html / f"{name}.html")


def attribute(tag: Tag, name: str) -> str:
    return str(tag.get(name, ""))


@pytest.mark.parametrize("name", PAGES)
def test_page_of_the_contents_is_built(html: Path, name: str) -> None:
    assert (html / f"{name}.html").is_file()


def test_nothing_else_is_a_page(html: Path) -> None:
    built = {p.relative_to(html).with_suffix("").as_posix() for p in html.rglob("*.html")}
    built = {name for name in built if not name.startswith(("_static/", "_modules/", "slides/"))}
    assert built - set(PAGES) - OWN_PAGES == set()


def test_every_chapter_and_exercise_of_the_tree_is_in_the_contents() -> None:
    notebooks = [p for folder in ("chapters", "exercises") for p in (ROOT / folder).glob("*.ipynb")]
    assert notebooks
    assert {p.relative_to(ROOT).with_suffix("").as_posix() for p in notebooks} == set(NOTEBOOKS)


@functools.cache
def targets(path: Path) -> set[str]:
    """Anchors that a page offers."""
    return {attribute(tag, "id") for tag in soup(path).find_all(id=True)} | {""}


@pytest.mark.parametrize("name", [*PAGES, "genindex", "search"])
def test_every_link_inside_the_site_resolves(html: Path, name: str) -> None:
    here = html / f"{name}.html"
    base = here.relative_to(html).as_posix()
    broken = []
    for tag in page(html, name).find_all(["a", "link", "img", "script", "source"]):
        link = attribute(tag, "href") or attribute(tag, "src")
        if not link or link.startswith(("http:", "https:", "mailto:", "data:", "javascript:")):
            continue
        address, anchor = urldefrag(urljoin(f"http://site/{base}", link))
        file = html / unquote(address.removeprefix("http://site/")).partition("?")[0]
        if file.is_dir():
            file = file / "index.html"
        if not file.is_file() or (file.suffix == ".html" and unquote(anchor) not in targets(file)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("name", [*PAGES, "genindex", "search"])
def test_no_script_style_or_image_comes_from_another_host(html: Path, name: str) -> None:
    loaded = page(html, name).find_all(["script", "img", "iframe", "source", "link"])
    links = [
        attribute(tag, "src") or attribute(tag, "href")
        for tag in loaded
        if tag.name != "link" or tag.get("rel") not in (["canonical"], ["license"])
    ]
    assert [link for link in links if "//" in link] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_image_is_described(html: Path, name: str) -> None:
    article = page(html, name).select_one("article.bd-article")
    assert article is not None
    for image in article.find_all("img"):
        alt = attribute(image, "alt")
        assert len(alt) > 15, f"{attribute(image, 'src')} has the alt text {alt!r}"
        assert "_images" not in alt


@pytest.mark.parametrize("name", PAGES)
def test_page_leads_on_and_asks_for_feedback(html: Path, name: str) -> None:
    content = page(html, name)
    assert content.select_one("a.right-next, a.left-prev")
    issues = f"{settings()['repository']['url']}/issues/new?title="
    assert content.select_one(f'p.feedback a[href^="{issues}"]')


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_launch_links_open_this_notebook(html: Path, name: str) -> None:
    repository, branch = (settings()["repository"][key] for key in ("url", "branch"))
    path = repository.removeprefix("https://github.com/")
    links = {attribute(a, "href") for a in page(html, name).select(".dropdown-launch-buttons a")}
    assert links == {
        f"https://mybinder.org/v2/gh/{path}/{branch}?urlpath=lab/tree/{name}.ipynb",
        f"https://colab.research.google.com/github/{path}/blob/{branch}/{name}.ipynb",
    }


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_downloaded_notebook_is_the_one_in_the_tree(html: Path, name: str) -> None:
    link = page(html, name).select_one(".dropdown-download-buttons a[href$='.ipynb']")
    assert link is not None
    file = (html / f"{name}.html").parent / attribute(link, "href")
    downloaded = json.loads(file.read_text(encoding="utf-8"))
    in_tree = json.loads((ROOT / f"{name}.ipynb").read_text(encoding="utf-8"))
    same = downloaded == in_tree
    assert same, f"{name} has changed since the site was built: run 'make book' again"


@pytest.mark.parametrize("name", CHAPTERS)
def test_chapter_opens_with_its_number_and_a_glance(html: Path, name: str) -> None:
    content = page(html, name)
    mark = content.select_one("p.chapter-mark")
    assert mark is not None
    assert mark.text == f"Chapter {int(name.split('/')[1][:2])} · slides"
    box = content.select_one("div.at-a-glance")
    assert box is not None
    assert "run time" in box.text.lower()


@pytest.mark.parametrize("name", CHAPTERS)
def test_citations_lead_to_the_bibliography(html: Path, name: str) -> None:
    links = {
        attribute(a, "href") for a in page(html, name).select("article a[href*='bibliography']")
    }
    assert links
    listed = {tag["id"] for tag in page(html, "book/bibliography").select("div.citation[id]")}
    assert {link.partition("#")[2] for link in links} <= listed


@pytest.mark.parametrize("name", CHAPTERS)
def test_prose_and_reference_link_to_each_other(html: Path, name: str) -> None:
    links = page(html, name).select('article a[href*="book/api/"]')
    assert links, "no link from the prose to the reference"
    for link in links:
        file, _, anchor = attribute(link, "href").partition("#")
        entry = soup(((html / name).parent / file).resolve()).find(id=anchor)
        assert isinstance(entry, Tag)
        body = entry.find_next_sibling("dd") if entry.name == "dt" else None
        if body is not None:
            assert body.select_one(f'a[href*="{name}"]'), f"{anchor} does not lead back"


def test_docstring_that_names_a_chapter_links_to_it(html: Path) -> None:
    entry = page(html, "book/api/functional").find(id="dlcore.functional.cross_entropy")
    assert isinstance(entry, Tag)
    body = entry.find_next_sibling("dd")
    assert isinstance(body, Tag)
    links = [a for a in body.find_all("a") if a.text.lower() == "chapter 7"]
    assert links
    assert "chapters/07_" in attribute(links[0], "href")


def test_every_primitive_of_the_registry_is_listed(html: Path) -> None:
    from dlcore.ops import REGISTRY

    listed = {code.text for code in page(html, "book/api/primitives").select("td code")}
    assert set(REGISTRY) - listed == set()


@pytest.mark.parametrize(
    "part",
    [
        "data",
        "forward",
        "functional",
        "metrics",
        "models",
        "nn",
        "nn.init",
        "optim",
        "plot",
        "train",
    ],
)
def test_every_public_name_has_an_entry(html: Path, part: str) -> None:
    module = importlib.import_module(f"dlcore.{part}")
    ids = {
        attribute(tag, "id")
        for name in PAGES
        if name.startswith("book/api/")
        for tag in page(html, name).find_all("dt", id=True)
    }
    names = public_names(module)
    assert names
    assert {f"dlcore.{part}.{name}" for name in names} - ids == set()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_opened_elsewhere_says_what_it_needs(html: Path, name: str) -> None:
    """The site leaves that out; a fork changes the address here and in the settings."""
    cells = json.loads((ROOT / f"{name}.ipynb").read_text("utf-8"))["cells"]
    note = next(cell for cell in cells[:3] if cell["id"] == "outside-the-site")
    said = "".join(note["source"])
    assert f'"dlcore[chapters] @ git+{settings()["repository"]["url"]}"' in said
    assert "!dlcore data" in said
    assert "git+" not in soup(html / f"{name}.html").select_one("article").get_text()
