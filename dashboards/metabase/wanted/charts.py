"""Which chart of Metabase shows which card of a spec.

| Card of a spec | In Metabase | Because |
|---|---|---|
| number | table: figure, interval, n | its number shows one row, ours one a place |
| trend | line for each place and measure | no panels; low, high and n are hints |
| events of a trend | table beside it | it marks events on no dashboard |
| line | line for each place and measure, by date | as a trend |
| area | stacked area of the places chosen, and a table of each | no panels |
| combo | bars and line of the places chosen, and a table of each | no panels |
| progress | table: part, whole, share, shaded from 0 to 100 % | its bar says "goal" |
| map | region map, and a table of the figures with n | no n on a map |
| interval | table: figure, low, high, n | it draws no intervals |
| bar, distribution, funnel, pivot | table: figure, low, high, n | likewise |
| strip | pivoted table, cells shaded | the nearest to a row of squares |
| table | table | |
| definition | table, one row per definition | |
| note | words | see `layout` |

A new kind of card is one function here, registered for it. What Metabase cannot
draw is shown as a table with all its figures rather than drawn without its interval.
"""

from functools import singledispatch
from typing import Any

from dashboards.errors import SpecError
from dashboards.metabase.wanted.asked import RELEASE, Asked, Chart
from dashboards.metabase.wanted.formatting import column_settings
from dashboards.metabase.wanted.months import (
    area_charts,
    combo_charts,
    line_charts,
    trend_charts,
)
from dashboards.metabase.wanted.sql import Shown, figure_of, month_of, quoted, select
from dashboards.metabase.wanted.tables import (
    beside,
    measured,
    measured_by,
    once,
    shown_column,
    table,
)
from dashboards.spec import (
    AreaCard,
    BarCard,
    ComboCard,
    DefinitionCard,
    DistributionCard,
    FunnelCard,
    IntervalCard,
    LineCard,
    MapCard,
    NumberCard,
    PivotCard,
    ProgressCard,
    QueryCard,
    StripCard,
    TableCard,
    TrendCard,
)

SHADES = ["#ffffff", "#1f6f8b"]  # from none to all


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


@_draw.register
def _number(card: NumberCard, asked: Asked) -> list[Chart]:
    shown = [asked.place(card.item), *measured(asked, card.measure)]
    if card.beside:
        shown += measured(asked, card.beside)
    if card.detail:
        joint = " → " if card.detail.kind == "from_to" else f" {asked.say('of')} "
        pair = (
            f"card.{card.detail.first} || {quoted(joint)} || card.{card.detail.second}"
        )
        if "is_suppressed" in asked.query.columns:
            pair = f"case when card.is_suppressed is not true then {pair} end"
        shown.append(Shown("counts", pair, asked.say("families")))
    return [table(asked, once(shown), ["1", RELEASE])]


@_draw.register
def _interval(card: IntervalCard, asked: Asked) -> list[Chart]:
    places = [card.panel, card.item] if card.panel else [card.item]
    return [measured_by(asked, places, [card.measure])]


@_draw.register
def _bars(card: BarCard | PivotCard, asked: Asked) -> list[Chart]:
    return [measured_by(asked, [card.panel, card.item], [card.measure])]


@_draw.register
def _distribution(card: DistributionCard, asked: Asked) -> list[Chart]:
    return [measured_by(asked, [card.item, card.classes], [card.measure])]


@_draw.register
def _funnel(card: FunnelCard, asked: Asked) -> list[Chart]:
    return [measured_by(asked, [card.item], card.stages)]


@_draw.register
def _columns(card: TableCard, asked: Asked) -> list[Chart]:
    shown = [shown_column(asked, column) for column in card.columns]
    return [table(asked, shown, ["1"])]


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
    settings = {
        "table.pivot": True,
        "table.pivot_column": card.x,
        "table.cell_column": value.name,
        "table.column_formatting": [_shade(value.name)],
        "column_settings": column_settings(shown, asked.language),
    }
    return [Chart("table", sql, settings, shown=tuple(one.name for one in shown))]


def _shade(column: str) -> dict[str, Any]:
    """Return how a column of shares is shaded: from none to all, whatever is there."""
    return {
        "columns": [column],
        "type": "range",
        "colors": SHADES,
        "min_type": "custom",
        "max_type": "custom",
        "min_value": 0,
        "max_value": 1,
    }


@_draw.register
def _progress(card: ProgressCard, asked: Asked) -> list[Chart]:
    counts = [shown_column(asked, column) for column in (card.part, card.whole)]
    shown = [asked.place(card.item), *counts, *measured(asked, card.measure)]
    shading = {"table.column_formatting": [_shade(card.measure.column)]}
    return [table(asked, once(shown), ["1", RELEASE], **shading)]


@_draw.register
def _trend(card: TrendCard, asked: Asked) -> list[Chart]:
    return trend_charts(card, asked)


@_draw.register
def _line(card: LineCard, asked: Asked) -> list[Chart]:
    return line_charts(card, asked)


@_draw.register
def _area(card: AreaCard, asked: Asked) -> list[Chart]:
    return area_charts(card, asked)


@_draw.register
def _combo(card: ComboCard, asked: Asked) -> list[Chart]:
    return combo_charts(card, asked)


@_draw.register
def _map(card: MapCard, asked: Asked) -> list[Chart]:
    measure = card.measure
    share = Shown(
        measure.column,
        figure_of(asked.query, measure.column),
        card.title.in_language(asked.language),
        measure.format,
    )
    region = Shown("region", f"card.{card.two_letter_code}::text", asked.say("country"))
    shown = [region, share]
    sql = select(
        asked.query,
        shown=shown,
        filters=asked.filters,
        order=["1"],
        where=[f"card.{card.two_letter_code} is not null"],
    )
    settings = {
        "map.type": "region",
        "map.region": "world_countries",
        "map.dimension": region.name,
        "map.metric": share.name,
        "column_settings": column_settings(shown, asked.language),
    }
    names = tuple(one.name for one in shown)
    figures = [
        asked.place(card.item),
        Shown(
            card.month,
            month_of(card.month, asked.language),
            asked.say("month").capitalize(),
        ),
        *measured(asked, measure),
    ]
    return [
        Chart("map", sql, settings, height=10, shown=names),
        beside(asked, table(asked, once(figures), ["1"])),
    ]


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
    return [table(asked, shown, order)]
