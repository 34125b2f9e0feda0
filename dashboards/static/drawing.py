"""Months to charts: which figures go where, and axes that can be compared."""

from collections import Counter
from collections.abc import Iterable
from itertools import accumulate
from typing import Any

from dashboards.contents import Content, is_suppressed, panels
from dashboards.formats import named, plain, scaled
from dashboards.queries import Row
from dashboards.spec import Measure, StripCard, TrendCard
from dashboards.static import charts
from dashboards.static.axes import (
    domain,
    months_notice,
    reference,
    unit,
    x_domain,
)
from dashboards.static.shapes import Axis, Frame
from dashboards.static.views import (
    Panel,
    families_between,
    figure,
    uncertainty,
)
from dashboards.words import say
from pages import Language


def trend_panels(
    content: Content, card: TrendCard, language: Language, stamp: str
) -> list[Panel]:
    """Return one panel for each place; all share both axes."""
    shown = [row for row in content.rows if not is_suppressed(row)]
    x = Axis(card.x_label.in_language(language), x_domain(shown, card))
    y = Axis("", domain(shown, card.lines, card.reference), unit(card.lines[0]))
    events = dict(panels(content.events, card.panel, language))
    drawn = []
    for name, rows in panels(content.rows, card.panel, language):
        kept = [row for row in rows if not is_suppressed(row)]
        values = [
            value
            for index, line in enumerate(card.lines)
            for value in _trend_values(rows, card, line, index, language)
        ]
        chart = (
            charts.trend(
                values,
                _event_values(events.get(name, []), x, language),
                x,
                y,
                Frame(
                    description=f"{card.title.in_language(language)}: {name}",
                    stamp=stamp,
                    tooltip=_trend_tooltip(card, language),
                    reference=reference(card.reference, card.lines[0]),
                ),
            )
            if values
            else None
        )
        counted = families_between(kept, card.lines[0], language)
        hidden = months_notice(rows, card, language)
        drawn.append(Panel(name, counted, chart, hidden))
    return drawn


def _trend_values(
    rows: Iterable[Row],
    card: TrendCard,
    line: Measure,
    index: int,
    language: Language,
) -> list[dict[str, Any]]:
    name = line.label.in_language(language) if line.label else ""
    drawn = [
        (run, row) for run, row in _runs(rows, card.x) if row[line.column] is not None
    ]
    lengths = Counter(run for run, _ in drawn)
    return [
        {
            "x": int(str(row[card.x])),
            "line": index,
            "price": line.price or "",
            "run": run,
            "is_alone": lengths[run] == 1,
            "y": scaled(row[line.column], line.format),
            "low": scaled(row[line.low], line.format) if line.low else None,
            "high": scaled(row[line.high], line.format) if line.high else None,
            "name": name,
            "words": figure(row, line, language),
            "spread": uncertainty(row, line, language) or say("no_interval", language),
            "n": plain(row[line.families], "count", language),
        }
        for run, row in drawn
    ]


def _runs(rows: Iterable[Row], x: str) -> list[tuple[int, Row]]:
    """Return the rows that are shown, by month, each with the number of its run.

    A hidden month ends a run: a line drawn across it would say what is held back.
    """
    ordered = sorted(rows, key=lambda row: int(str(row[x])))
    runs = accumulate(int(is_suppressed(row)) for row in ordered)
    return [
        (run, row)
        for run, row in zip(runs, ordered, strict=True)
        if not is_suppressed(row)
    ]


def _trend_tooltip(card: TrendCard, language: Language) -> dict[str, str]:
    return {
        "x": card.x_label.in_language(language),
        "name": " ",
        "words": card.title.in_language(language),
        "spread": say("interval", language),
        "n": "n",
    }


def _event_values(
    events: Iterable[Row], x: Axis, language: Language
) -> list[dict[str, Any]]:
    """Return the events that touch the axis; each lasts whole months."""
    first, last = x.domain
    marks = []
    for event in events:
        start, end = int(str(event["start_count"])), int(str(event["end_count"]))
        if end >= first and start <= last:
            marks.append(
                {
                    "start": max(start - 0.5, first),
                    "end": min(end + 0.5, last),
                    "name": named(event, "event_name", language),
                }
            )
    return marks


def strip_panels(
    content: Content, card: StripCard, language: Language, stamp: str
) -> list[Panel]:
    """Return the single panel of a strip."""
    measure = card.measure
    shown = [row for row in content.rows if not is_suppressed(row)]
    values = [
        {
            "item": named(row, card.item, language),
            "x": int(str(row[card.x])),
            "value": scaled(row[measure.column], measure.format),
            "words": figure(row, measure, language),
            "n": plain(row[measure.families], "count", language),
        }
        for row in content.rows
        if row[measure.column] is not None
    ]
    title = card.title.in_language(language)
    items = [name for name, _ in panels(content.rows, card.item, language)]
    chart = charts.strip(
        values,
        items,
        Axis(card.x_label.in_language(language), x_domain(shown, card)),
        Frame(
            description=title,
            stamp=stamp,
            tooltip={
                "item": " ",
                "x": card.x_label.in_language(language),
                "words": title,
                "n": "n",
            },
        ),
    )
    counted = families_between(shown, measure, language)
    hidden = months_notice(content.rows, card, language)
    return [Panel("", counted, chart if values else None, hidden)]
