"""Tables of Metabase: figures with their intervals, n, and why one is held back."""

from dataclasses import replace

from dashboards.metabase.wanted.asked import RELEASE, Asked, Chart
from dashboards.metabase.wanted.formatting import column_settings
from dashboards.metabase.wanted.sql import (
    Shown,
    figure_of,
    flag_of,
    held_back,
    month_of,
    select,
)
from dashboards.spec import Column, Measure


def table(asked: Asked, shown: list[Shown], order: list[str], **more: object) -> Chart:
    """Return a table of these columns, the release and why a figure is not shown.

    Args:
        asked: The card.
        shown: Its columns.
        order: Names or SQL to order by.
        **more: Settings of the table.
    """
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


def measured(asked: Asked, measure: Measure) -> list[Shown]:
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


def once(columns: list[Shown]) -> list[Shown]:
    """Return the columns without those named before."""
    return list({one.name: one for one in reversed(columns)}.values())[::-1]


def measured_by(asked: Asked, keys: list[str], measures: list[Measure]) -> Chart:
    """Return a table of figures by the columns that tell its rows apart."""
    shown = [asked.place(key) for key in keys]
    for measure in measures:
        shown += measured(asked, measure)
    order = [*map(str, range(1, len(keys) + 1)), RELEASE]
    return table(asked, once(shown), order)


def shown_column(asked: Asked, column: Column) -> Shown:
    """Return a column of a table card as readers see it."""
    title = column.label.in_language(asked.language)
    name = column.column
    if column.format == "month":
        return Shown(name, month_of(name, asked.language), title)
    if column.format == "flag":
        return Shown(name, flag_of(name, asked.language), title)
    if column.format == "text":
        return Shown(name, asked.words(name), title)
    return Shown(name, figure_of(asked.query, name), title, column.format)


def beside(asked: Asked, figures: Chart) -> Chart:
    """Return the table of figures that stands beside a chart of the same card."""
    return replace(
        figures, suffix="figures", title=f" · {asked.say('value')}", height=6
    )
