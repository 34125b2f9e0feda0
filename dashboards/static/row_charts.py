"""Charts of one row for each item, its name above: intervals, bars, divided bars."""

from functools import cache
from typing import Any

import altair as alt

from dashboards.static import theme
from dashboards.static.charts import (
    axis_of,
    finished,
    fixed,
    reference_layer,
    tooltip_of,
)
from dashboards.static.shapes import (
    FIGURES,
    HEIGHT_SLOT,
    Axis,
    Chart,
    Frame,
    Outline,
    Values,
    axis_slot,
    filled,
    frame_slot,
    outline_of,
)

ROW_HEIGHT = 58
BAR_HEIGHT = 14
DIVIDED_ROW_HEIGHT = 50


def interval(values: Values, row_count: int, x: Axis, frame: Frame) -> Chart:
    """Draw each item's figure between its low and its high, its name above.

    Args:
        values: Keys `row` (from 0), `is_live`, `is_named`, `value`, `low`, `high`,
            `item`, `words` and the tooltip's words. `is_named` gives the line above.
        row_count: How many items.
        x: The figure's axis.
        frame: What stands around the figures.
    """
    shape = _interval_shape(x.unit, outline_of(frame))
    placed = [_with_pixels(value) for value in values]
    return _filled_rows(shape, placed, row_count, x, frame)


@cache
def _interval_shape(x_unit: str, outline: Outline) -> Chart:
    x, frame = axis_slot("x", x_unit), frame_slot(outline)
    down = alt.Scale(domain=[0, HEIGHT_SLOT], nice=False, reverse=True)
    across = alt.X(
        "value:Q", title=x.title, scale=fixed(x), axis=axis_of(x, tick_count=5)
    )
    is_live = [False, True]
    colour = alt.Color(
        "is_live:N",
        legend=None,
        scale=alt.Scale(domain=is_live, range=theme.LINE_COLOURS),
    )
    shape = alt.Shape(
        "is_live:N",
        legend=None,
        scale=alt.Scale(domain=is_live, range=["circle", "diamond"]),
    )
    base = alt.Chart().encode(y=alt.Y("pixel:Q", scale=down, axis=None), color=colour)
    layers: list[alt.Chart] = [
        *reference_layer(frame, "x"),
        base.mark_rule(strokeWidth=3, opacity=0.4).encode(
            x=alt.X("low:Q"), x2="high:Q"
        ),
        base.mark_point(size=64, filled=True, opacity=1).encode(
            x=across, shape=shape, tooltip=tooltip_of(frame)
        ),
        *_name_layers(down),
    ]
    return finished(layers, frame)


def bars(
    values: Values, row_count: int, x: Axis, frame: Frame, *, whole: float | None = None
) -> Chart:
    """Draw each item's figure as a bar from zero with its interval, its name above.

    Live figures beside released ones are marks, for a second bar would read as a second
    part.

    Args:
        values: As for `interval`, with `is_bar`: released, or live alone.
        row_count: How many items.
        x: The figure's axis, which holds zero.
        frame: What stands around the figures.
        whole: How long a bar can get, drawn as a frame that the bar fills.
    """
    shape = _bars_shape(x.unit, outline_of(frame), whole)
    placed = [_with_pixels(value) for value in values]
    return _filled_rows(shape, placed, row_count, x, frame)


@cache
def _bars_shape(x_unit: str, outline: Outline, whole: float | None) -> Chart:
    x, frame = axis_slot("x", x_unit), frame_slot(outline)
    down = alt.Scale(domain=[0, HEIGHT_SLOT], nice=False, reverse=True)
    across = alt.X(
        "value:Q", title=x.title, scale=fixed(x), axis=axis_of(x, tick_count=4)
    )
    base = alt.Chart().encode(y=alt.Y("pixel:Q", scale=down, axis=None))
    solid = base.transform_filter("datum.is_bar")
    around = (
        []
        if whole is None
        else [
            solid.mark_bar(
                size=BAR_HEIGHT, orient="horizontal", fill="white", stroke=theme.QUIET
            ).encode(x=alt.XDatum(whole, scale=fixed(x)), x2=alt.X2Datum(0))
        ]
    )
    layers: list[alt.Chart] = [
        *around,
        solid.mark_bar(
            clip=True, size=BAR_HEIGHT, orient="horizontal", color=theme.FIRST
        ).encode(x=across, x2=alt.X2Datum(0), tooltip=tooltip_of(frame)),
        solid.mark_rule(strokeWidth=2, color=theme.INK, clip=True).encode(
            x=alt.X("low:Q"), x2="high:Q"
        ),
        base.transform_filter("!datum.is_bar")
        .mark_point(
            size=64, filled=True, opacity=1, shape="diamond", color=theme.SECOND
        )
        .encode(x=across, tooltip=tooltip_of(frame)),
        *_name_layers(down),
    ]
    return finished(layers, frame)


def divided(values: Values, row_count: int, x: Axis, frame: Frame) -> Chart:
    """Draw the classes of each item as one bar from 0 to 100 %, its name above.

    Args:
        values: Keys `row` (from 0), `is_named` (gives the line above), `item`, `words`,
            `shade` (from 0), `start` and `end` in per cent, `inside` (the words that
            stand in a class wide enough) and the tooltip's words.
        row_count: How many items.
        x: The axis from 0 to 100 %.
        frame: What stands around the figures.
    """
    placed = [
        value
        | {
            "top": value["row"] * DIVIDED_ROW_HEIGHT + 10,
            "words_top": value["row"] * DIVIDED_ROW_HEIGHT + 10,
            "pixel": value["row"] * DIVIDED_ROW_HEIGHT + 32,
            "middle": (value["start"] + value["end"]) / 2,
        }
        for value in values
    ]
    shape = _divided_shape(x.unit, outline_of(frame))
    return _filled_rows(shape, placed, row_count, x, frame, DIVIDED_ROW_HEIGHT)


@cache
def _divided_shape(x_unit: str, outline: Outline) -> Chart:
    x, frame = axis_slot("x", x_unit), frame_slot(outline)
    down = alt.Scale(domain=[0, HEIGHT_SLOT], nice=False, reverse=True)
    shades = list(range(len(theme.SHADES)))
    base = alt.Chart().encode(y=alt.Y("pixel:Q", scale=down, axis=None))
    layers: list[alt.Chart] = [
        base.mark_bar(size=BAR_HEIGHT + 6, orient="horizontal", stroke="white").encode(
            x=alt.X(
                "start:Q", title=x.title, scale=fixed(x), axis=axis_of(x, tick_count=4)
            ),
            x2="end:Q",
            color=alt.Color(
                "shade:O",
                legend=None,
                scale=alt.Scale(domain=shades, range=theme.SHADES),
            ),
            tooltip=tooltip_of(frame),
        ),
        base.mark_text(fontSize=11, baseline="middle").encode(
            x=alt.X("middle:Q"),
            text="inside:N",
            color=alt.Color(
                "shade:O",
                legend=None,
                scale=alt.Scale(domain=shades, range=theme.ON_SHADES),
            ),
        ),
        *_name_layers(down),
    ]
    return finished(layers, frame, separate_colours=True)


def _filled_rows(  # noqa: PLR0913, PLR0917 - what every chart of rows has
    shape: Chart,
    placed: Values,
    row_count: int,
    x: Axis,
    frame: Frame,
    row_height: int = ROW_HEIGHT,
) -> Chart:
    return filled(
        shape,
        {FIGURES: placed},
        frame,
        height=row_height * row_count,
        x=x,
        row_height=row_height,
    )


def _with_pixels(value: dict[str, Any]) -> dict[str, Any]:
    """Return the value with where it stands, counted in pixels from the top.

    A name needs a line of its own above the figure: beside it there is no room on a
    phone. The words of a figure that is live alone say so, and are longer: they stand
    below the name, where a released figure would be.
    """
    top = value["row"] * ROW_HEIGHT
    # A bar of live figures alone stands deeper still, below its words.
    is_below = value["is_live"]
    return value | {
        "top": top + 10,
        "words_top": top + (27 if is_below else 10),
        "pixel": top + (43 if is_below else 30) + 2 * ("is_bar" in value),
    }


def _name_layers(down: alt.Scale) -> list[alt.Chart]:
    name_line = alt.Y("top:Q", scale=down, axis=None)
    words_line = alt.Y("words_top:Q", scale=down, axis=None)
    layers = []
    # White below the words, so that the reference line does not cross them out.
    halo = {"stroke": "white", "strokeWidth": 5, "strokeJoin": "round"}
    for look in (halo, {"color": theme.INK}):
        words: dict[str, Any] = {"baseline": "middle", "fontSize": 12, **look}
        chart = alt.Chart().transform_filter("datum.is_named")
        layers += [
            chart.mark_text(align="left", **words).encode(
                x=alt.value(0), y=name_line, text="item:N"
            ),
            chart.mark_text(align="right", **words).encode(
                x=alt.value("width"), y=words_line, text="words:N"
            ),
        ]
    return layers
