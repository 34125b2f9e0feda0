"""Which chart of Metabase shows which card of a spec.

| Card of a spec | In Metabase | Because |
|---|---|---|
| number | table: figure, interval, n | its number shows one row, ours one a place |
| trend | line for each place and measure | no panels; low, high and n are hints |
| events of a trend | table beside it | it marks events on no dashboard |
| interval | table: figure, low, high, n | it draws no intervals |
| bar, distribution, funnel, pivot | table: figure, low, high, n | likewise |
| strip | pivoted table, cells shaded | the nearest to a row of squares |
| table | table | |
| definition | table, one row per definition | |
| note | words | see `layout` |

A new kind of card is one function here, registered for it. What Metabase cannot
draw is shown as a table with all its figures rather than drawn without its interval.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

from dashboards.errors import SpecError
from dashboards.metabase.wanted.formatting import column_settings
from dashboards.metabase.wanted.sql import (
    Query,
    Shown,
    figure_of,
    flag_of,
    held_back,
    month_of,
    quoted,
    select,
    words_of,
)
from dashboards.spec import (
    BarCard,
    Column,
    DefinitionCard,
    DistributionCard,
    FunnelCard,
    IntervalCard,
    Measure,
    NumberCard,
    PivotCard,
    QueryCard,
    StripCard,
    TableCard,
    TrendCard,
)
from dashboards.words import say
from pages import Language

RELEASE = "release_code"


@dataclass(frozen=True, slots=True)
class Asked:
    """One card in one language.

    Attributes:
        card: Of the spec.
        query: Its SQL.
        language: Of the page.
        filters: Name of each filter that applies, and the SQL it compares with.
        events: SQL of a trend's events.
    """

    card: QueryCard
    query: Query
    language: Language
    filters: Mapping[str, str]
    events: Query | None = None

    def say(self, key: str) -> str:
        """Return words of the product in the page's language."""
        return say(key, self.language)

    def words(self, column: str) -> str:
        """Return the SQL of a text column in the page's language."""
        return words_of(self.query, column, self.language)

    def place(self, column: str) -> Shown:
        """Return the column that says what a row is of."""
        return Shown(column, self.words(column), self.say(PLACE_WORDS[column]))

    def release(self) -> Shown:
        """Return the column that says as of when the figures are known."""
        return Shown(RELEASE, f"card.{RELEASE}::text", self.say("release"))


@dataclass(frozen=True, slots=True)
class Chart:
    """One of Metabase's charts.

    Attributes:
        display: Its name there.
        sql: Of the card.
        settings: Of the chart.
        height: In rows of the grid.
        suffix: Of the key, where a card needs more than one chart.
        title: Behind the card's own title, likewise.
    """

    display: str
    sql: str
    settings: Mapping[str, Any]
    height: int = 8
    suffix: str = ""
    title: str = ""
    shown: tuple[str, ...] = field(default=())


class _PlaceWords(dict[str, str]):
    def __missing__(self, column: str) -> str:
        return "place"


PLACE_WORDS = _PlaceWords(
    country_code="country",
    site_code="site",
    site_name="site",
    cohort_code="cohort",
    variant_code="definition",
    category_code="category_code",
)


def charts_of(asked: Asked) -> list[Chart]:
    """Return the charts that show a card.

    Raises:
        SpecError: No chart is known for the kind of card.
    """
    charts: list[Chart] = _draw(asked.card, asked)
    return charts


@singledispatch
def _draw(card: QueryCard, asked: Asked) -> list[Chart]:
    raise SpecError(
        f"{asked.query.where}: a card of kind {card.kind} has no chart in Metabase "
        "yet: add one to dashboards/metabase/wanted/charts.py."
    )


def _table(asked: Asked, shown: list[Shown], order: list[str], **more: object) -> Chart:
    known = [*shown]
    if not any(one.name == RELEASE for one in known):
        known.append(asked.release())
    reason = held_back(asked.query, asked.language)
    if reason:
        known.append(reason)
    sql = select(asked.query, shown=known, filters=asked.filters, order=order)
    settings = {"column_settings": column_settings(known, asked.language), **more}
    names = tuple(one.name for one in known)
    return Chart("table", sql, settings, shown=names)


def _measured(asked: Asked, measure: Measure) -> list[Shown]:
    """Return a figure with its interval, currency and n."""
    title = measure.label.in_language(asked.language) if measure.label else ""
    found = [
        Shown(
            measure.column,
            figure_of(asked.query, measure.column),
            title or asked.say("value"),
            measure.format,
        )
    ]
    if measure.currency:
        sql = f"card.{measure.currency}::text"
        found.append(Shown(measure.currency, sql, asked.say("unit")))
    for end, column in (("low", measure.low), ("high", measure.high)):
        if column:
            sql = figure_of(asked.query, column)
            found.append(Shown(column, sql, asked.say(end), measure.format))
    families = figure_of(asked.query, measure.families)
    found.append(Shown(measure.families, families, asked.say("families"), "count"))
    return found


def _once(columns: list[Shown]) -> list[Shown]:
    """Return the columns without those named before."""
    return list({one.name: one for one in reversed(columns)}.values())[::-1]


@_draw.register
def _number(card: NumberCard, asked: Asked) -> list[Chart]:
    shown = [asked.place(card.item), *_measured(asked, card.measure)]
    if card.beside:
        shown += _measured(asked, card.beside)
    if card.detail:
        joint = " → " if card.detail.kind == "from_to" else f" {asked.say('of')} "
        pair = (
            f"card.{card.detail.first} || {quoted(joint)} || card.{card.detail.second}"
        )
        if "is_suppressed" in asked.query.columns:
            pair = f"case when card.is_suppressed is not true then {pair} end"
        shown.append(Shown("counts", pair, asked.say("families")))
    return [_table(asked, _once(shown), ["1", RELEASE])]


@_draw.register
def _interval(card: IntervalCard, asked: Asked) -> list[Chart]:
    places = [card.panel, card.item] if card.panel else [card.item]
    return [_measured_by(asked, places, [card.measure])]


@_draw.register
def _bars(card: BarCard | PivotCard, asked: Asked) -> list[Chart]:
    return [_measured_by(asked, [card.panel, card.item], [card.measure])]


@_draw.register
def _distribution(card: DistributionCard, asked: Asked) -> list[Chart]:
    return [_measured_by(asked, [card.item, card.classes], [card.measure])]


@_draw.register
def _funnel(card: FunnelCard, asked: Asked) -> list[Chart]:
    return [_measured_by(asked, [card.item], card.stages)]


def _measured_by(asked: Asked, keys: list[str], measures: list[Measure]) -> Chart:
    shown = [asked.place(key) for key in keys]
    for measure in measures:
        shown += _measured(asked, measure)
    order = [*map(str, range(1, len(keys) + 1)), RELEASE]
    return _table(asked, _once(shown), order)


@_draw.register
def _columns(card: TableCard, asked: Asked) -> list[Chart]:
    shown = [_column(asked, column) for column in card.columns]
    return [_table(asked, shown, ["1"])]


def _column(asked: Asked, column: Column) -> Shown:
    title = column.label.in_language(asked.language)
    name = column.column
    if column.format == "month":
        return Shown(name, month_of(name, asked.language), title)
    if column.format == "flag":
        return Shown(name, flag_of(name, asked.language), title)
    if column.format == "text":
        return Shown(name, asked.words(name), title)
    return Shown(name, figure_of(asked.query, name), title, column.format)


@_draw.register
def _strip(card: StripCard, asked: Asked) -> list[Chart]:
    value = Shown(
        card.measure.column,
        figure_of(asked.query, card.measure.column),
        asked.say("value"),
        card.measure.format,
    )
    title = card.x_label.in_language(asked.language)
    x = Shown(card.x, f"card.{card.x}", title, "count")
    shown = [asked.place(card.item), x, value]
    sql = select(
        asked.query,
        shown=shown,
        filters=asked.filters,
        order=["1", "2"],
        where=[f"card.{card.x} is not null"],
    )
    shade = {
        "columns": [value.name],
        "type": "range",
        "colors": ["#ffffff", "#1f6f8b"],
        "min_type": "custom",
        "max_type": "custom",
        "min_value": 0,
        "max_value": 1,
    }
    settings = {
        "table.pivot": True,
        "table.pivot_column": card.x,
        "table.cell_column": value.name,
        "table.column_formatting": [shade],
        "column_settings": column_settings(shown, asked.language),
    }
    return [Chart("table", sql, settings, shown=tuple(one.name for one in shown))]


@_draw.register
def _trend(card: TrendCard, asked: Asked) -> list[Chart]:
    place = asked.words(card.panel)
    series = place if len(card.lines) == 1 else f"{place} || ' · ' || line.label"
    measure = card.lines[0]
    shown = [
        Shown(card.x, f"card.{card.x}", card.x_label.in_language(asked.language)),
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
        "graph.x_axis.scale": "linear",
        "graph.x_axis.title_text": card.x_label.in_language(asked.language),
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
    chart = Chart("line", sql, settings, height=10, shown=names)
    return [chart, *_events(asked, card)]


def _lines(asked: Asked, card: TrendCard) -> str:
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


@_draw.register
def _definition(card: DefinitionCard, asked: Asked) -> list[Chart]:
    scaled = "case when card.format_code like 'percent%' then 100 else 1 end"
    unit = (
        "case card.format_code when 'percent' then '%' "
        f"else {quoted(asked.say('points'))} end"
    )

    def figure(column: str) -> str:
        return f"round((({figure_of(asked.query, column)}) * {scaled})::numeric, 2)"

    shown = [
        Shown("metric_name", asked.words("metric_name"), asked.say("metric")),
        asked.place(card.item),
        Shown("variant_code", asked.words("variant_code"), asked.say("definition")),
        Shown("value", figure(card.value), asked.say("value"), "score"),
        Shown("unit", unit, asked.say("unit")),
        Shown("low", figure(card.low), asked.say("low"), "score"),
        Shown("high", figure(card.high), asked.say("high"), "score"),
        Shown(
            "families",
            figure_of(asked.query, card.families),
            asked.say("families"),
            "count",
        ),
        Shown("definition", asked.words("definition"), asked.say("definition")),
        Shown("formula", "card.formula::text", asked.say("formula")),
        Shown(
            "definition_version",
            "card.definition_version",
            asked.say("definition_version"),
            "count",
        ),
    ]
    order = ["card.metric_code", "2", "3", RELEASE]
    return [_table(asked, shown, order)]
