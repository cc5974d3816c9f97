"""Figures of arrays and callables, the same look in light and dark.

matplotlib is imported when the first figure is drawn, not before.
"""

from dlcore.plot.contours import contours as contours
from dlcore.plot.curves import curves as curves, lines as lines
from dlcore.plot.flow import flow as flow
from dlcore.plot.graph import graph as graph, tape as tape
from dlcore.plot.images import images as images
from dlcore.plot.interact import interact as interact
from dlcore.plot.matrix import confusion as confusion, heatmap as heatmap
from dlcore.plot.memory import memory as memory
from dlcore.plot.points import points as points
from dlcore.plot.sketch import sketch as sketch
from dlcore.plot.stages import stages as stages
from dlcore.plot.style import (
    BLUE as BLUE,
    GREEN as GREEN,
    GREY as GREY,
    ORANGE as ORANGE,
    PALETTE as PALETTE,
    PURPLE as PURPLE,
    SKY as SKY,
    VERMILLION as VERMILLION,
    panels as panels,
    save as save,
    use_style as use_style,
)
from dlcore.plot.surface import decision_regions as decision_regions
from dlcore.plot.timeline import timeline as timeline
from dlcore.plot.window import window as window
