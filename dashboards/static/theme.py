"""Colours and sizes, the same for every chart.

Blue and ochre stay apart for every kind of colour vision and in print. No colour means
good or bad: there is no red and no green, and no place has a colour of its own.
"""

from typing import Any

FIRST = "#1f5f99"
SECOND = "#a85b00"
INK = "#1d2733"
QUIET = "#5a6673"
GRID = "#e3e8ee"
EVENT = "#8a94a0"
STRIP = ["#eaf1f8", "#1f5f99"]  # few journals to all of them
SHADES = ["#d6e3ef", "#8fb3d3", "#4b83b4", "#1f5f99"]  # classes, from few to much
ON_SHADES = [INK, INK, "#ffffff", "#ffffff"]  # words on them
EDGES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]]  # around the parts of a whole
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"

LINE_COLOURS = [FIRST, SECOND]
LINE_DASHES = [[1, 0], [6, 3]]

CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "transparent",
    "padding": {"left": 2, "right": 6, "top": 4, "bottom": 2},
    "view": {"stroke": None},
    "axis": {
        "domainColor": "#b8c1cb",
        "gridColor": GRID,
        "labelColor": QUIET,
        "labelFontSize": 11,
        "tickColor": "#b8c1cb",
        "titleColor": QUIET,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "titlePadding": 6,
    },
    "text": {"font": FONT, "fill": INK},
    "title": {"font": FONT},
}
