"""Countries on a map: shaded shapes with their codes, and the figures beside them.

Shapes are Natural Earth's, at 1:110 million, by ISO 3166-1 alpha-3 code: see
`warehouse_docs/decisions/0016-a-map-draws-shapes-of-our-own.md`. Only those of the
card's countries go onto a page.
"""

import json
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import altair as alt

from dashboards.contents import Content, is_suppressed, panels
from dashboards.formats import plain, scaled
from dashboards.queries import Row
from dashboards.spec import MapCard, NumberCard
from dashboards.static import theme
from dashboards.static.axes import notice
from dashboards.static.charts import finished, tooltip_of
from dashboards.static.shapes import (
    FIGURES,
    Chart,
    Frame,
    Outline,
    Values,
    filled,
    frame_slot,
    outline_of,
)
from dashboards.static.tiles import number_tiles
from dashboards.static.views import (
    Panel,
    Tile,
    figure,
    reason,
)
from dashboards.words import say
from pages import Language

SHAPES = Path(__file__).with_name("countries.json")
MAP_HEIGHT = 220

Ring = list[list[float]]
Shape = list[list[Ring]]


@cache
def country_shapes() -> dict[str, Shape]:
    """Return the outline of every country by its code, the largest part first.

    Each is what GeoJSON calls a multipolygon, in degrees of longitude and latitude.
    """
    shapes: dict[str, Shape] = json.loads(SHAPES.read_text(encoding="utf-8"))
    return shapes


def map_panels(
    content: Content, card: MapCard, language: Language, stamp: str
) -> list[Panel]:
    """Return the single panel of a map."""
    title = card.title.in_language(language)
    tooltip = {
        "item": " ",
        "journal_month": say("month", language),
        "words": title,
        "n": "n",
    }
    values = _values(content.rows, card, language)
    frame = Frame(title, stamp, tooltip)
    chart = _drawn(values, frame) if values else None
    said = [notice(content.rows, language, card.item), _shapeless(content, language)]
    # How many families stand behind each figure is said beside it.
    return [Panel("", "", chart, " ".join(filter(None, said)))]


def map_tiles(content: Content, card: MapCard, language: Language) -> list[Tile]:
    """Return each country's figure with its code on the map, and its month."""
    number = NumberCard(
        kind="number",
        id=card.id,
        title=card.title,
        item=card.item,
        measure=card.measure,
    )
    spots = {
        name: [str(rows[0][card.item]), plain(rows[0][card.month], "month", language)]
        for name, rows in panels(content.rows, card.item, language)
    }
    tiles = number_tiles(content, number, language)
    for tile in tiles:
        tile.lines[:0] = spots[tile.name]
    return tiles


def _values(rows: Iterable[Row], card: MapCard, language: Language) -> Values:
    return [
        _value(row, name, card, language)
        for name, own in panels(rows, card.item, language)
        for row in own
        if str(row[card.item]) in country_shapes()
    ]


def _value(row: Row, name: str, card: MapCard, language: Language) -> dict[str, Any]:
    """Return a country as GeoJSON has it, with what is said of it."""
    code = str(row[card.item])
    shape = country_shapes()[code]
    longitude, latitude = _middle(shape[0][0])
    return {
        "type": "Feature",
        "geometry": {"type": "MultiPolygon", "coordinates": shape},
        "item": name,
        "code": code,
        "longitude": longitude,
        "latitude": latitude,
        "journal_month": plain(row[card.month], "month", language),
        # No shade of a share says that none is known.
        "is_hidden": is_suppressed(row) or row[card.measure.column] is None,
        "value": scaled(row[card.measure.column], card.measure.format),
        "words": figure(row, card.measure, language),
        "n": reason(row, language)
        if is_suppressed(row)
        else plain(row[card.measure.families], "count", language),
    }


def _middle(ring: Ring) -> tuple[float, float]:
    """Return the middle of the area within a ring."""
    area = longitude = latitude = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        part = x1 * y2 - x2 * y1
        area += part
        longitude += (x1 + x2) * part
        latitude += (y1 + y2) * part
    return round(longitude / (3 * area), 1), round(latitude / (3 * area), 1)


def _shapeless(content: Content, language: Language) -> str:
    names = [
        name
        for name, rows in panels(content.rows, "country_code", language)
        if str(rows[0]["country_code"]) not in country_shapes()
    ]
    return f"{say('no_shape', language)}: {', '.join(names)}." if names else ""


def _drawn(values: Values, frame: Frame) -> Chart:
    shape = _map_shape(outline_of(frame))
    return filled(shape, {FIGURES: values}, frame, height=MAP_HEIGHT)


@cache
def _map_shape(outline: Outline) -> Chart:
    frame = frame_slot(outline)
    base = alt.Chart()
    code: dict[str, Any] = {
        "fontSize": 11,
        "fontWeight": "bold",
        "baseline": "bottom",
        "dy": -3,
    }
    middle = base.encode(longitude="longitude:Q", latitude="latitude:Q")
    words = middle.encode(text="code:N")
    layers: list[alt.Chart] = [
        base.transform_filter("!datum.is_hidden")
        .mark_geoshape(stroke=theme.QUIET, strokeWidth=0.8)
        .encode(
            color=alt.Color(
                "value:Q",
                legend=None,
                scale=alt.Scale(domain=[0, 100], range=theme.STRIP),
            ),
            tooltip=tooltip_of(frame),
        ),
        base.transform_filter("datum.is_hidden")
        .mark_geoshape(fill="white", stroke=theme.QUIET, strokeDash=[3, 2])
        .encode(tooltip=tooltip_of(frame)),
        # Some countries are smaller than their code: a dot says where they are.
        middle.mark_circle(size=16, color=theme.INK, opacity=1).encode(
            tooltip=tooltip_of(frame)
        ),
        # White below the code, so that it is read on dark shades too.
        words.mark_text(stroke="white", strokeWidth=4, strokeJoin="round", **code),
        words.mark_text(color=theme.INK, **code),
    ]
    return finished(layers, frame, is_map=True)
