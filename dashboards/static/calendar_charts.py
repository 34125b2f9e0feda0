"""Vega-Lite charts over calendar months: lines, areas, bars with a line.

A month is a number, twelve for each year, and its label is made on the page: dates
would move with the reader's time zone, and Vega names months in English alone.
"""

from functools import cache

import altair as alt

from dashboards.static import theme
from dashboards.static.charts import (
    TREND_HEIGHT,
    axis_of,
    finished,
    fixed,
    line_layers,
    tooltip_of,
)
from dashboards.static.shapes import (
    FIGURES,
    TICKS_SLOT,
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
from pages import Language, short_month_names


def line(values: Values, x: Axis, y: Axis, frame: Frame, language: Language) -> Chart:
    """Draw lines with their interval bands.

    Args:
        values: Keys `month`, `age` (months since launch, or null) and those of a trend
            but `x`.
        x: From the first month to the last.
        y: The figure's axis.
        frame: What stands around the figures.
        language: Of the names of months.
    """
    shape = _line_shape(y.unit, outline_of(frame), language)
    return filled(shape, {FIGURES: values}, frame, height=TREND_HEIGHT, x=x, y=y)


@cache
def _line_shape(y_unit: str, outline: Outline, language: Language) -> Chart:
    y, frame = axis_slot("y", y_unit), frame_slot(outline)
    return finished(line_layers(_across(language), y, frame), frame)


def area(values: Values, x: Axis, y: Axis, frame: Frame, language: Language) -> Chart:
    """Draw the parts of a whole on top of each other.

    Each part has a shade and an edge of its own, so that it is told apart without
    colours too.

    Args:
        values: Keys `month`, `age`, `part` (from 0, the lowest), `shade`, `bottom`,
            `top`, `run` and `is_alone` as a trend has them, and the tooltip's words.
        x: From the first month to the last.
        y: The whole's axis, from zero.
        frame: What stands around the figures.
        language: Of the names of months.
    """
    shape = _area_shape(outline_of(frame), language)
    return filled(shape, {FIGURES: values}, frame, height=TREND_HEIGHT, x=x, y=y)


@cache
def _area_shape(outline: Outline, language: Language) -> Chart:
    y, frame = axis_slot("y"), frame_slot(outline)
    across = _across(language)
    top = alt.Y("top:Q", title=y.title, scale=fixed(y), axis=axis_of(y, tick_count=4))
    parts = list(range(len(theme.EDGES)))
    shade = alt.Color(
        "shade:O",
        legend=None,
        scale=alt.Scale(domain=parts, range=theme.SHADES),
    )
    edge = alt.StrokeDash(
        "part:O", legend=None, scale=alt.Scale(domain=parts, range=theme.EDGES)
    )
    base = alt.Chart().encode(x=across, y=top)
    layers: list[alt.Chart] = [
        base.mark_area().encode(y2="bottom:Q", color=shade, detail=["part:O", "run:N"]),
        # An area of a single month has no width, so it would not be seen.
        base.transform_filter("datum.is_alone")
        .mark_rule(strokeWidth=6)
        .encode(y2="bottom:Q", color=shade),
        base.mark_line(strokeWidth=1.2, color=theme.INK).encode(
            strokeDash=edge, detail=["part:O", "run:N"]
        ),
        base.mark_circle(size=16, color=theme.INK, opacity=1).encode(
            tooltip=tooltip_of(frame)
        ),
    ]
    return finished(layers, frame)


def combo(  # noqa: PLR0913, PLR0917 - it has three axes
    values: Values, x: Axis, y: Axis, z: Axis, frame: Frame, language: Language
) -> Chart:
    """Draw bars of how many, and a line of the share of them with its intervals.

    Args:
        values: Keys `month`, `age`, `start` and `end` of the bar, `bar`, `y`, `low`,
            `high`, `run` and the tooltip's words.
        x: From the first month to the last.
        y: The axis of the bars, from zero, on the left.
        z: The axis of the line, from zero, on the right.
        frame: What stands around the figures.
        language: Of the names of months.
    """
    shape = _combo_shape(z.unit, outline_of(frame), language)
    return filled(shape, {FIGURES: values}, frame, height=TREND_HEIGHT, x=x, y=y, z=z)


@cache
def _combo_shape(z_unit: str, outline: Outline, language: Language) -> Chart:
    y, z, frame = axis_slot("y"), axis_slot("z", z_unit), frame_slot(outline)
    counted = alt.Y(
        "bar:Q", title=y.title, scale=fixed(y), axis=axis_of(y, tick_count=4)
    )
    right = axis_of(z, tick_count=4)
    right.orient, right.grid = "right", False
    share = alt.Y("y:Q", title=z.title, scale=fixed(z), axis=right)
    bars = (
        alt.Chart()
        .mark_bar(fill=theme.SHADES[0], stroke=theme.FIRST, strokeWidth=1)
        .encode(
            x=_across(language, "start"),
            x2="end:Q",
            y=counted,
            y2=alt.Y2Datum(0),
            tooltip=tooltip_of(frame),
        )
    )
    base = alt.Chart().encode(x=_across(language), y=share)
    line_of_shares = alt.layer(
        base.mark_rule(strokeWidth=2, opacity=0.5, color=theme.SECOND).encode(
            y=alt.Y("low:Q", title=z.title, scale=fixed(z), axis=right), y2="high:Q"
        ),
        base.mark_line(strokeWidth=2.2, color=theme.SECOND).encode(detail="run:N"),
        base.mark_circle(size=34, color=theme.SECOND, opacity=1).encode(
            tooltip=tooltip_of(frame)
        ),
    )
    return finished([bars, line_of_shares], frame, separate_axes=True)


def _across(language: Language, column: str = "month") -> alt.X:
    """Return calendar months from left to right, named in the page's language."""
    x = axis_slot("x")
    names = ", ".join(f"'{name}'" for name in short_month_names(language))
    return alt.X(
        f"{column}:Q",
        title=x.title,
        scale=alt.Scale(domain=x.domain, nice=False, zero=False),
        axis=alt.Axis(
            grid=False,
            values=[TICKS_SLOT],
            labelExpr=f"[{names}][datum.value % 12] + ' ' + floor(datum.value / 12)",
            labelOverlap="parity",
        ),
    )
