"""Figures of arrays and callables, the same look in light and dark.

matplotlib is imported when the first figure is drawn, not before.
"""

from dlcore.plot.curves import curves, lines
from dlcore.plot.graph import graph, tape
from dlcore.plot.images import images
from dlcore.plot.interact import interact
from dlcore.plot.matrix import confusion, heatmap
from dlcore.plot.points import points
from dlcore.plot.sketch import sketch
from dlcore.plot.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALETTE,
    PURPLE,
    SKY,
    VERMILLION,
    panels,
    save,
    use_style,
)
from dlcore.plot.surface import decision_regions
from dlcore.plot.timeline import timeline

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "ORANGE",
    "PALETTE",
    "PURPLE",
    "SKY",
    "VERMILLION",
    "confusion",
    "curves",
    "decision_regions",
    "graph",
    "heatmap",
    "images",
    "interact",
    "lines",
    "panels",
    "points",
    "save",
    "sketch",
    "tape",
    "timeline",
    "use_style",
]
