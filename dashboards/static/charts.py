"""Vega-Lite charts, through Altair. Each function returns one specification.

Every chart is as wide as its place on the page and carries the mark that says whether
its data are synthetic, so that a copied picture still says so.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt

from dashboards.static import theme
from dashboards.static.shapes import (
    EVENTS,
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

TREND_HEIGHT = 190
STRIP_ROW_HEIGHT = 30


def trend(values: Values, events: Values, x: Axis, y: Axis, frame: Frame) -> Chart:
    """Draw lines with their interval bands over months since launch.

    Args:
        values: Keys `x`, `line` (0 or 1), `run` (line and band break between runs),
            `is_alone` (the only one of its run), `y`, `low`, `high` and the tooltip's
            words.
        events: Keys `start`, `end`, `name`; drawn as shaded months.
        x: Months since launch.
        y: The figure's axis.
        frame: What stands around the figures.
    """
    shape = _trend_shape(y.unit, outline_of(frame), has_events=bool(events))
    data = {FIGURES: values, EVENTS: events}
    return filled(shape, data, frame, height=TREND_HEIGHT, x=x, y=y)


@cache
def _trend_shape(y_unit: str, outline: Outline, *, has_events: bool) -> Chart:
    x, y, frame = axis_slot("x"), axis_slot("y", y_unit), frame_slot(outline)
    months = alt.Scale(domain=x.domain, nice=False)
    across = alt.X(
        "x:Q", title=x.title, scale=months, axis=alt.Axis(grid=False, tickMinStep=3)
    )
    layers = [
        *_event_layers(months, has_events=has_events),
        *line_layers(across, y, frame),
    ]
    return finished(layers, frame)


def line_layers(across: alt.X, y: Axis, frame: Frame) -> list[alt.Chart]:
    """Return lines with their interval bands, and the line to compare with.

    Args:
        across: Where a figure stands from left to right; its data have the other keys
            that `trend` names.
        y: The figure's axis.
        frame: What stands around the figures.
    """
    up = alt.Y("y:Q", title=None, scale=fixed(y), axis=axis_of(y, tick_count=4))
    lines = [0, 1]
    colour = alt.Color(
        "line:N",
        legend=None,
        scale=alt.Scale(domain=lines, range=theme.LINE_COLOURS),
    )
    dash = alt.StrokeDash(
        "line:N", legend=None, scale=alt.Scale(domain=lines, range=theme.LINE_DASHES)
    )
    band = {
        "y": alt.Y("low:Q"),
        "y2": alt.Y2("high:Q"),
        "color": colour,
        "detail": alt.Detail("run:N"),
    }
    return [
        *reference_layer(frame, "y"),
        alt.Chart().mark_area(opacity=0.13, clip=True).encode(x=across, **band),
        # A band of a single month has no width, so it would not be seen.
        alt.Chart()
        .transform_filter("datum.is_alone")
        .mark_rule(opacity=0.4, strokeWidth=2, clip=True)
        .encode(x=across, **band),
        alt.Chart()
        .mark_line(strokeWidth=2.2, clip=True)
        .encode(x=across, y=up, color=colour, strokeDash=dash, detail="run:N"),
        alt.Chart()
        .mark_circle(size=34)
        .encode(x=across, y=up, color=colour, tooltip=tooltip_of(frame)),
    ]


def strip(values: Values, items: Sequence[str], x: Axis, frame: Frame) -> Chart:
    """Draw one row of months for each place, shaded by a share from 0 to 100 %.

    Args:
        values: Keys `item`, `x`, `value` and the tooltip's words.
        items: The places in order, also those without a figure.
        x: Months since launch.
        frame: What stands around the figures.
    """
    bare: dict[str, Any] = {"ticks": False, "domain": False}
    cells = (
        alt.Chart()
        .mark_rect(stroke="white", strokeWidth=2, cornerRadius=3)
        .encode(
            x=alt.X(
                "x:O",
                title=x.title,
                axis=alt.Axis(labelAngle=0, labelOverlap="parity", **bare),
            ),
            y=alt.Y(
                "item:N",
                title=None,
                scale=alt.Scale(domain=list(items)),
                axis=alt.Axis(labelLimit=110, labelColor=theme.INK, **bare),
            ),
            color=alt.Color(
                "value:Q",
                legend=None,
                scale=alt.Scale(domain=[0, 100], range=theme.STRIP),
            ),
            tooltip=tooltip_of(frame),
        )
    )
    height = STRIP_ROW_HEIGHT * len(items)
    shape = finished([cells], frame)
    return filled(
        shape, {FIGURES: values}, frame, height=height, row_height=STRIP_ROW_HEIGHT
    )


def _event_layers(months: alt.Scale, *, has_events: bool) -> list[alt.Chart]:
    if not has_events:
        return []
    across = alt.X("start:Q", scale=months)
    base = alt.Chart(alt.NamedData(name=EVENTS))
    shade = base.mark_rect(color=theme.EVENT, opacity=0.16).encode(
        x=across, x2="end:Q", tooltip=[alt.Tooltip("name:N", title=" ")]
    )
    words = base.mark_text(
        align="left", baseline="top", dx=2, fontSize=10, color=theme.QUIET
    ).encode(x=across, y=alt.value(2), text="name:N")
    return [shade, words]


def reference_layer(frame: Frame, channel: str) -> list[alt.Chart]:
    """Return the line to compare with across the axis `x` or `y`, if there is one."""
    if frame.reference is None:
        return []
    # Data of its own: over the figures it would be drawn once for each of them.
    one = alt.InlineData(values=[{}])
    rule = alt.Chart(one).mark_rule(color=theme.QUIET, strokeWidth=1)
    if channel == "x":
        return [rule.encode(x=alt.XDatum(frame.reference))]
    return [rule.encode(y=alt.YDatum(frame.reference))]


def fixed(axis: Axis) -> alt.Scale:
    """Return a scale with just the axis's ends, so that charts compare."""
    return alt.Scale(domain=axis.domain, nice=False, zero=False)


def axis_of(axis: Axis, *, tick_count: int) -> alt.Axis:
    """Return an axis whose labels carry the unit."""
    if not axis.unit:
        return alt.Axis(tickCount=tick_count)
    expression = f"datum.label + '{axis.unit}'"
    return alt.Axis(tickCount=tick_count, labelExpr=expression)


def tooltip_of(frame: Frame) -> list[alt.Tooltip]:
    """Return the words of a mark under the pointer."""
    return [
        alt.Tooltip(f"{key}:N", title=title) for key, title in frame.tooltip.items()
    ]


def finished(
    layers: Sequence[alt.Chart | alt.LayerChart | alt.FacetChart],
    frame: Frame,
    *,
    separate_colours: bool = False,
    separate_axes: bool = False,
    is_map: bool = False,
) -> Chart:
    """Return the layers as one specification without its figures.

    Args:
        layers: From the lowest to the highest.
        frame: What stands around the figures.
        separate_colours: Whether each layer has a scale of colours of its own.
        separate_axes: Whether each has an axis upwards of its own.
        is_map: Whether layers stand by longitude and latitude.
    """
    layered = alt.layer(*layers, data=alt.NamedData(name=FIGURES))
    if separate_colours:
        layered = layered.resolve_scale(color="independent")
    if separate_axes:
        layered = layered.resolve_scale(y="independent")
    if is_map:
        # Areas keep their size against each other, as shading asks of a map.
        layered = layered.project(type="equalEarth")
    chart = layered.properties(
        width="container",
        height=HEIGHT_SLOT,
        description=frame.description,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    )
    if frame.stamp:
        stamp = alt.TitleParams(
            frame.stamp,
            anchor="end",
            orient="bottom",
            fontSize=10,
            fontWeight="normal",
            color=theme.QUIET,
            offset=4,
        )
        chart = chart.properties(title=stamp)
    # Checking against the schema takes longer than all the rest, and the browser tests
    # see every chart drawn.
    specification: Chart = chart.to_dict(validate=False)
    # The address of the schema is for editors; a page should name no address at all.
    specification.pop("$schema")
    return specification
