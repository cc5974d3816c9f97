"""Write figures without loss in half of their bytes; a page fetches each when it comes near."""

import re
from pathlib import Path

from PIL import Image
from sphinx.application import Sphinx

PER_INCH = 110  # pixels of a page for an inch of a figure; dlcore.plot draws twice as many
SHOWN = re.compile(r'<img\b(?P<rest>[^>]*?\bsrc="(?P<where>[^"]*_images/)(?P<stem>[^"/]+)\.png")')
IN_MENU = re.compile(r'<img(?= alt="[^"]*" src="[^"]*_static/images/logo_)')  # closed at first


def lightened(figure: Path) -> tuple[str, int, int, int]:
    """Write a PNG file as WebP if that is smaller; return name, size and width in a page."""
    light = figure.with_suffix(".webp")
    with Image.open(figure) as image:
        scale = PER_INCH / image.info["dpi"][0] if "dpi" in image.info else 1
        width, height = image.size
        shown = round(width * scale)
        image.save(light, lossless=True, method=4)
    if light.stat().st_size >= figure.stat().st_size:
        light.unlink()
        return figure.name, width, height, shown
    figure.unlink()
    return light.name, width, height, shown


def rewritten(page: str, figures: dict[str, tuple[str, int, int, int]]) -> str:
    """Return a page that shows the light figures, and keeps a place for each before it is there."""

    def image(found: re.Match[str]) -> str:
        name, width, height, shown = figures[found["stem"]]
        rest = found["rest"].replace(f"{found['where']}{found['stem']}.png", found["where"] + name)
        size = "" if "width=" in rest else f' width="{width}" height="{height}"'
        size += "" if "style=" in rest else f' style="--shown: {shown}px"'
        return f'<img loading="lazy" decoding="async"{size}{rest}'

    return IN_MENU.sub('<img loading="lazy"', SHOWN.sub(image, page))


def lighten(app: Sphinx, error: Exception | None) -> None:
    """Rewrite figures and pages once they are written."""
    if error is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    figures = {path.stem: lightened(path) for path in site.glob("_images/*.png")}
    for path in site.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        if (light := rewritten(page, figures)) != page:
            path.write_text(light, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("build-finished", lighten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
