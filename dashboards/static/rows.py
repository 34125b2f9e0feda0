"""Items to rows of a chart: intervals, bars, progress, funnels, divided bars."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from dashboards.contents import (
    Content,
    is_suppressed,
    panels,
    published_release,
)
from dashboards.formats import named, plain, scaled
from dashboards.queries import Row
from dashboards.spec import (
    BarCard,
    DistributionCard,
    FunnelCard,
    IntervalCard,
    Measure,
    ProgressCard,
)
from dashboards.static import row_charts
from dashboards.static.axes import domain, notice, reference, unit
from dashboards.static.shapes import Axis, Frame
from dashboards.static.theme import SHADES
from dashboards.static.views import (
    Panel,
    families,
    families_between,
    figure,
    release_name,
    split_releases,
    uncertainty,
)
from dashboards.words import say
from pages import Language

Values = list[dict[str, Any]]
PERCENT = (0.0, 100.0)
WIDE_ENOUGH = 12  # per cent of the bar; a narrower class has no room for its words


def interval_panels(
    content: Content, card: IntervalCard, language: Language, stamp: str
) -> list[Panel]:
    """Return one panel for each place, or a single one; all share the axis."""
    measure = card.measure
    shown = [row for row in content.rows if not is_suppressed(row)]
    title = measure.label.in_language(language) if measure.label else ""
    x = Axis(title, domain(shown, [measure], card.reference))
    grouped = (
        panels(content.rows, card.panel, language)
        if card.panel
        else [("", list(content.rows))]
    )
    drawn = []
    for name, rows in grouped:
        names = _item_names(rows, card, language)
        values = _item_values(content, rows, names, card, language)
        frame = _frame(card, name, language, stamp)
        drawn.append(
            Panel(
                name,
                _families_shown(rows, measure, language),
                row_charts.interval(values, len(names), x, frame) if values else None,
                notice(rows, language, card.item),
            )
        )
    return drawn


def bar_panels(
    content: Content, card: BarCard, language: Language, stamp: str
) -> list[Panel]:
    """Return one panel for each place; all share an axis that begins at zero."""
    measure = card.measure
    shown = [row for row in content.rows if not is_suppressed(row)]
    title = measure.label.in_language(language) if measure.label else ""
    x = Axis(title, domain(shown, [measure], 0.0), unit(measure))
    drawn = []
    for name, rows in panels(content.rows, card.panel, language):
        seen = [row for row in rows if not is_suppressed(row)]
        names = _item_names(seen, card, language)
        values = _with_bars(_item_values(content, seen, names, card, language))
        frame = _frame(card, name, language, stamp)
        drawn.append(
            Panel(
                name,
                _families_shown(rows, measure, language),
                row_charts.bars(values, len(names), x, frame) if values else None,
                notice(rows, language, card.item),
            )
        )
    return drawn


def progress_panels(
    content: Content, card: ProgressCard, language: Language, stamp: str
) -> list[Panel]:
    """Return the single panel of bars that fill the frame of their whole."""
    measure = card.measure
    title = measure.label.in_language(language) if measure.label else ""
    x = Axis(title, PERCENT, " %")
    seen = [row for row in content.rows if not is_suppressed(row)]
    names = [name for name, _ in panels(seen, card.item, language)]
    values = _with_bars(_item_values(content, seen, names, card, language))
    frame = _frame(card, "", language, stamp)
    chart = (
        row_charts.bars(values, len(names), x, frame, whole=PERCENT[1])
        if values
        else None
    )
    counted = _families_shown(content.rows, measure, language)
    return [Panel("", counted, chart, notice(content.rows, language, card.item))]


def funnel_panels(
    content: Content, card: FunnelCard, language: Language, stamp: str
) -> list[Panel]:
    """Return one panel for each place: a bar for each stage, of the same whole."""
    x = Axis(card.whole.in_language(language), PERCENT, " %")
    release = published_release(content.rows)
    drawn = []
    for name, rows in panels(content.rows, card.item, language):
        main, live = split_releases(rows, release)
        values = [
            _row_value(row, index, stage_name(stage, language), stage, language)
            | {"is_live": is_live}
            for index, stage in enumerate(card.stages)
            for is_live, group in ((False, main), (True, live))
            for row in group
            if row[stage.column] is not None and not is_suppressed(row)
        ]
        frame = _frame(card, name, language, stamp)
        ready = _with_bars(_with_names(values, language))
        chart = row_charts.bars(ready, len(card.stages), x, frame) if ready else None
        counted = _families_shown(rows, card.stages[0], language)
        drawn.append(Panel(name, counted, chart, notice(rows, language)))
    return drawn


def distribution_panels(
    content: Content, card: DistributionCard, language: Language, stamp: str
) -> list[Panel]:
    """Return the single panel of divided bars: the release's, or live ones alone."""
    release = published_release(content.rows)
    shades = {
        name: shade for shade, name in enumerate(class_names(content, card, language))
    }
    values: Values = []
    row_count = 0
    for name, rows in panels(content.rows, card.item, language):
        main, live = split_releases(rows, release)
        chosen = main or live
        if not chosen or any(is_suppressed(row) for row in chosen):
            continue
        ends = 0.0
        for row in chosen:
            value = _row_value(row, row_count, name, card.measure, language)
            is_live = bool(release) and not main
            value |= _divided(value, row, card, language, ends, shades)
            value |= {"is_live": is_live, "is_named": ends == 0.0}
            value["words"] = _beside(value, language)
            ends = value["end"]
            values.append(value)
        row_count += 1
    frame = _frame(card, "", language, stamp, classes=True)
    chart = (
        row_charts.divided(values, row_count, Axis("", PERCENT, " %"), frame)
        if values
        else None
    )
    counted = _families_shown(content.rows, card.measure, language)
    return [Panel("", counted, chart, notice(content.rows, language, card.item))]


def _divided(  # noqa: PLR0913, PLR0917 - the parts of one class of one bar
    value: dict[str, Any],
    row: Row,
    card: DistributionCard,
    language: Language,
    start: float,
    shades: dict[str, int],
) -> dict[str, Any]:
    name = named(row, card.classes, language)
    width = value["value"] or 0.0
    return {
        "start": start,
        "end": round(start + width, 6),
        "shade": spread_shade(shades[name], len(shades)),
        "class": name,
        "inside": value["figure"] if width >= WIDE_ENOUGH else "",
    }


def _beside(value: dict[str, Any], language: Language) -> str:
    words = f"n = {value['n']}"
    return f"{say('live', language)}: {words}" if value["is_live"] else words


def class_names(
    content: Content, card: DistributionCard, language: Language
) -> list[str]:
    """Return the names of a distribution's classes, in the order of the query."""
    return list(
        dict.fromkeys(named(row, card.classes, language) for row in content.rows)
    )


def spread_shade(index: int, count: int) -> int:
    """Return the shade of a class, so that the last of few is as dark as of many."""
    return round(index * (len(SHADES) - 1) / max(count - 1, 1))


def stage_name(stage: Measure, language: Language) -> str:
    """Return what a stage of a funnel is called."""
    return stage.label.in_language(language) if stage.label else ""


def _item_names(
    rows: Sequence[Row], card: IntervalCard | BarCard, language: Language
) -> list[str]:
    if card.item_order == "name":
        return [name for name, _ in panels(rows, card.item, language)]
    return list(dict.fromkeys(named(row, card.item, language) for row in rows))


def _item_values(
    content: Content,
    rows: Sequence[Row],
    names: Sequence[str],
    card: IntervalCard | BarCard | ProgressCard,
    language: Language,
) -> Values:
    main, live = split_releases(rows, published_release(content.rows))
    places = {name: index for index, name in enumerate(names)}
    values = []
    for is_live, group in ((False, main), (True, live)):
        for row in group:
            if row[card.measure.column] is None:
                continue
            name = named(row, card.item, language)
            value = _row_value(row, places[name], name, card.measure, language)
            if isinstance(card, ProgressCard):
                value["words"] = f"{_part_of(row, card, language)}: {value['words']}"
            values.append(value | {"is_live": is_live})
    return _with_names(values, language)


def _part_of(row: Row, card: ProgressCard, language: Language) -> str:
    """Return `45 of 50`."""
    part = plain(row[card.part.column], "count", language)
    whole = plain(row[card.whole.column], "count", language)
    return f"{part} {say('of', language)} {whole}"


def _row_value(
    row: Row, index: int, name: str, measure: Measure, language: Language
) -> dict[str, Any]:
    return {
        "row": index,
        "value": scaled(row[measure.column], measure.format),
        "low": scaled(row[measure.low], measure.format) if measure.low else None,
        "high": scaled(row[measure.high], measure.format) if measure.high else None,
        "item": name,
        "figure": figure(row, measure, language),
        "spread": uncertainty(row, measure, language) or say("no_interval", language),
        "n": plain(row[measure.families], "count", language),
        "words": f"{figure(row, measure, language)}, {families(row, measure)}",
        "release": release_name(str(row["release_code"]), language),
    }


def _with_names(values: Values, language: Language) -> Values:
    """Say on which value of each row its name stands: what is released comes first."""
    for value in values:
        if value["is_live"]:
            value["words"] = f"{say('live', language)}: {value['words']}"
    named_rows: set[int] = set()
    for value in sorted(values, key=lambda value: bool(value["is_live"])):
        value["is_named"] = value["row"] not in named_rows
        named_rows.add(value["row"])
    return values


def _with_bars(values: Values) -> Values:
    """Say which values are drawn as bars: the released ones, and those live alone."""
    by_row = sorted(values, key=lambda value: int(value["row"]))
    for _, group in groupby(by_row, key=lambda value: int(value["row"])):
        row = list(group)
        has_release = any(not value["is_live"] for value in row)
        for value in row:
            value["is_bar"] = not value["is_live"] or not has_release
    return values


def _frame(
    card: IntervalCard | BarCard | FunnelCard | DistributionCard | ProgressCard,
    name: str,
    language: Language,
    stamp: str,
    *,
    classes: bool = False,
) -> Frame:
    heading = card.title.in_language(language)
    return Frame(
        description=f"{heading}: {name}" if name else heading,
        stamp=stamp,
        reference=(
            reference(card.reference, card.measure)
            if isinstance(card, IntervalCard)
            else None
        ),
        tooltip={
            "item": " ",
            **({"class": "  "} if classes else {}),
            "release": say("release", language),
            "figure": heading,
            "spread": say("interval", language),
            "n": "n",
        },
    )


def _families_shown(rows: Iterable[Row], measure: Measure, language: Language) -> str:
    shown = [row for row in rows if not is_suppressed(row)]
    return families_between(shown, measure, language)
