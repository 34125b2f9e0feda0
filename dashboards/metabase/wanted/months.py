"""Charts over months: lines of each place, areas and bars of the chosen together."""

from collections.abc import Mapping
from typing import Any

from dashboards.metabase.wanted.asked import PLACE_WORDS, Asked, Chart
from dashboards.metabase.wanted.formatting import column_settings
from dashboards.metabase.wanted.sql import (
    Shown,
    added_up,
    figure_of,
    month_of,
    quoted,
    select,
    words_of,
)
from dashboards.metabase.wanted.tables import beside, measured, once, table
from dashboards.spec import AreaCard, CalendarCard, ComboCard, LineCard, TrendCard


def trend_charts(card: TrendCard, asked: Asked) -> list[Chart]:
    """Return lines over months since launch, and the events in a table."""
    return [_lines_chart(card, asked, "linear"), *_events(asked, card)]


def line_charts(card: LineCard, asked: Asked) -> list[Chart]:
    """Return lines over calendar months."""
    return [_lines_chart(card, asked, "timeseries")]


def _lines_chart(card: TrendCard | LineCard, asked: Asked, scale: str) -> Chart:
    place = asked.words(card.panel)
    series = place if len(card.lines) == 1 else f"{place} || ' · ' || line.label"
    measure = card.lines[0]
    title = card.x_label.in_language(asked.language)
    shown = [
        _month(card, asked)
        if isinstance(card, LineCard)
        else Shown(card.x, f"card.{card.x}", title),
        Shown("series", series, asked.say("place")),
        Shown("value", "line.value", asked.say("value"), measure.format),
        Shown("low", "line.low", asked.say("low"), measure.format),
        Shown("high", "line.high", asked.say("high"), measure.format),
        Shown("families", "line.families", asked.say("families"), "count"),
    ]
    sql = select(
        asked.query,
        shown=shown,
        filters=asked.filters,
        order=["2", "1"],
        lines=f"\ncross join lateral (\n    values\n{_lines(asked, card)}\n)"
        " as line (label, value, low, high, families)",
        where=[f"card.{card.x} is not null"],
    )
    settings: dict[str, Any] = {
        "graph.dimensions": [card.x, "series"],
        "graph.metrics": ["value"],
        "graph.x_axis.scale": scale,
        "graph.x_axis.title_text": title,
        "graph.y_axis.auto_split": False,
        "graph.tooltip_type": "default",
        "graph.tooltip_columns": [
            f'["name","{name}"]' for name in ("low", "high", "families")
        ],
        "column_settings": column_settings(shown, asked.language),
    }
    if card.reference is not None:
        settings |= {"graph.show_goal": True, "graph.goal_value": card.reference}
    names = tuple(one.name for one in shown)
    return Chart("line", sql, settings, height=10, shown=names)


def _lines(asked: Asked, card: TrendCard | LineCard) -> str:
    rows = []
    for line in card.lines:
        label = line.label.in_language(asked.language) if line.label else ""
        ends = [
            f"({figure_of(asked.query, end)})::numeric" if end else "null::numeric"
            for end in (line.low, line.high)
        ]
        value = f"({figure_of(asked.query, line.column)})::numeric"
        families = figure_of(asked.query, line.families)
        parts = [quoted(label), value, *ends, families]
        rows.append(f"        ({', '.join(parts)})")
    return ",\n".join(rows)


def area_charts(card: AreaCard, asked: Asked) -> list[Chart]:
    """Return the parts of the chosen places' whole, and a table of each place."""
    shown = [_month(card, asked)]
    shown += [
        Shown(
            part.column,
            f"sum(card.{part.column})",
            part.label.in_language(asked.language) if part.label else "",
            part.format,
        )
        for part in card.parts
    ]
    settings = {
        "stackable.stack_type": "stacked",
        "series_settings": {
            part.column: {"line.missing": "none"} for part in card.parts
        },
        "graph.y_axis.title_text": card.whole.in_language(asked.language),
    }
    return _added_up(card, asked, shown, "area", settings)


def combo_charts(card: ComboCard, asked: Asked) -> list[Chart]:
    """Return bars and line of the chosen places, and a table of each place."""
    bars, line = card.bars, card.line
    # The share of all is the shares of the places, each by how many it is of.
    share = (
        f"sum(card.{line.column} * card.{bars.column})"
        f" / nullif(sum(card.{bars.column}), 0)"
    )
    shown = [_month(card, asked)]
    shown += [
        Shown(
            measure.column,
            sql,
            measure.label.in_language(asked.language) if measure.label else "",
            measure.format,
        )
        for measure, sql in ((bars, f"sum(card.{bars.column})"), (line, share))
    ]
    settings = {
        "series_settings": {
            bars.column: {"display": "bar", "axis": "left"},
            line.column: {"display": "line", "axis": "right", "line.missing": "none"},
        },
        "graph.y_axis.title_text": shown[1].title,
    }
    return _added_up(card, asked, shown, "combo", settings)


def _added_up(
    card: AreaCard | ComboCard,
    asked: Asked,
    shown: list[Shown],
    display: str,
    settings: Mapping[str, Any],
) -> list[Chart]:
    """Return a chart of the chosen places together, and a table of each.

    A place that is not shown in every month is in the table alone: where it is missing,
    the sum of the others would read as a fall.
    """
    names = tuple(one.name for one in shown)
    sql = added_up(
        asked.query,
        shown=shown,
        filters=asked.filters,
        month=card.x,
        place=card.panel,
    )
    common: dict[str, Any] = {
        "graph.dimensions": [card.x],
        "graph.metrics": list(names[1:]),
        "graph.x_axis.scale": "timeseries",
        "graph.x_axis.title_text": card.x_label.in_language(asked.language),
        "column_settings": column_settings(shown, asked.language),
    }
    chart = Chart(
        display,
        sql,
        {**common, **settings},
        height=10,
        title=f" · {asked.say('added_up')}",
        shown=names,
    )
    return [chart, beside(asked, _months_table(card, asked))]


def _month(card: CalendarCard, asked: Asked) -> Shown:
    title = card.x_label.in_language(asked.language)
    return Shown(card.x, f"card.{card.x}", title, "month")


def _months_table(card: AreaCard | ComboCard, asked: Asked) -> Chart:
    title = card.x_label.in_language(asked.language)
    month = Shown(card.x, month_of(card.x, asked.language), title)
    shown = [asked.place(card.panel), month]
    for measure in card.measures:
        shown += measured(asked, measure)
    return table(asked, once(shown), ["1", f"card.{card.x}"])


def _events(asked: Asked, card: TrendCard) -> list[Chart]:
    if asked.events is None:
        return []
    events = asked.events
    shown = [
        Shown(
            card.panel,
            words_of(events, card.panel, asked.language),
            asked.say(PLACE_WORDS[card.panel]),
        ),
        Shown(
            "event_name",
            words_of(events, "event_name", asked.language),
            asked.say("event"),
        ),
        Shown("start_count", "card.start_count", asked.say("event_start"), "count"),
        Shown("end_count", "card.end_count", asked.say("event_end"), "count"),
    ]
    filters = {
        name: words_of(events, name, asked.language)
        for name in asked.filters
        if name in events.columns
    }
    sql = select(events, shown=shown, filters=filters, order=["1", "3", "2"])
    settings = {"column_settings": column_settings(shown, asked.language)}
    title = f" · {asked.say('events')}"
    names = tuple(one.name for one in shown)
    return [Chart("table", sql, settings, 4, "events", title, names)]
