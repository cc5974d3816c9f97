"""The figures stored in the chapters read on white and on black."""

import base64
import io
import json
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from tests.site.pages import NOTEBOOKS, ROOT

GREY = (0x76, 0x76, 0x76)


def figures(name: str) -> Iterator[tuple[str, Image.Image]]:
    """Yield each stored PNG of a notebook with the id of its cell."""
    notebook = json.loads((ROOT / f"{name}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if png := output.get("data", {}).get("image/png"):
                yield cell["id"], Image.open(io.BytesIO(base64.b64decode("".join(png))))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_figures_are_transparent_with_text_in_mid_grey(name: str) -> None:
    for cell, image in figures(name):
        pixels = np.asarray(image.convert("RGBA"))
        corners = pixels[[0, 0, -1, -1], [0, -1, 0, -1]]
        assert (corners[:, 3] == 0).all(), f"{cell}: the figure has a ground of its own"
        solid = pixels[pixels[..., 3] == 255][:, :3]
        assert (solid == GREY).all(axis=1).any(), f"{cell}: no text in #767676"
