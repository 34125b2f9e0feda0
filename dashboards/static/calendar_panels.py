"""Calendar months to charts: one panel for each place, all with the same axes."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from dashboards.contents import Content, is_suppressed, panels
from dashboards.formats import month, plain, scaled
from dashboards.queries import Row
from dashboards.spec import AreaCard, CalendarCard, ComboCard, LineCard, Measure
from dashboards.static import calendar_charts
from dashboards.static.axes import (
    calendar_notice,
    domain,
    month_number,
    reference,
    unit,
)
from dashboards.static.shapes import Axis, Chart, Frame, Values
from dashboards.static.theme import SHADES
from dashboards.static.views import (
    Panel,
    families_between,
    figure,
    uncertainty,
)
from dashboards.words import say
from pages import Language

QUARTER = 3  # months; each quarter has its tick
HALF_BAR = 0.36  # of a month
HALF_MONTH = 0.5
WHOLE_SHARE, SHARE_STEP = 100, 10  # per cent


def line_panels(
    content: Content, card: LineCard, language: Language, stamp: str
) -> list[Panel]:
    """Return lines over calendar months for each place."""
    shown = _shown(content.rows)
    x = _months(shown, card, language)
    y = Axis("", domain(shown, card.lines, card.reference), unit(card.lines[0]))

    def draw(rows: Sequence[Row], frame: Frame) -> Chart | None:
        values = [
            value
            for index, line in enumerate(card.lines)
            for value in _line_values(rows, card, line, index, language)
        ]
        chart = calendar_charts.line(values, x, y, frame, language)
        return chart if values else None

    compared = reference(card.reference, card.lines[0])
    tooltip = {
        "said_month": card.x_label.in_language(language),
        "name": " ",
        "words": card.title.in_language(language),
        "spread": say("interval", language),
        "n": "n",
    }
    frame = Frame(card.title.in_language(language), stamp, tooltip, compared)
    return _panels(content, card, language, frame, draw)


def area_panels(
    content: Content, card: AreaCard, language: Language, stamp: str
) -> list[Panel]:
    """Return the parts of a whole over calendar months for each place."""
    shown = _shown(content.rows)
    x = _months(shown, card, language)
    highest = max((_total(row, card) for row in shown), default=0.0)
    y = Axis(card.whole.in_language(language), _from_zero(highest))

    def draw(rows: Sequence[Row], frame: Frame) -> Chart | None:
        values = _area_values(rows, card, language)
        chart = calendar_charts.area(values, x, y, frame, language)
        return chart if values else None

    tooltip = {
        "said_month": card.x_label.in_language(language),
        "name": " ",
        "words": card.whole.in_language(language),
        "n": "n",
    }
    frame = Frame(card.title.in_language(language), stamp, tooltip)
    return _panels(content, card, language, frame, draw)


def combo_panels(
    content: Content, card: ComboCard, language: Language, stamp: str
) -> list[Panel]:
    """Return bars with a line over calendar months for each place."""
    shown = _shown(content.rows)
    x = _months(shown, card, language)
    bars, line = card.bars, card.line
    y = Axis(_label(bars, language), _from_zero(domain(shown, [bars], 0.0)[1]))
    z = Axis(_label(line, language), _shares(domain(shown, [line], 0.0)[1]), " %")

    def draw(rows: Sequence[Row], frame: Frame) -> Chart | None:
        values = _combo_values(rows, card, language)
        chart = calendar_charts.combo(values, x, y, z, frame, language)
        return chart if values else None

    tooltip = {
        "said_month": card.x_label.in_language(language),
        "counted": y.title,
        "words": z.title,
        "spread": say("interval", language),
        "n": "n",
    }
    frame = Frame(card.title.in_language(language), stamp, tooltip)
    return _panels(content, card, language, frame, draw)


def area_shade(index: int, count: int) -> int:
    """Return the shade of a part: the lowest is the darkest."""
    return len(SHADES) - 1 - round(index * (len(SHADES) - 1) / max(count - 1, 1))


def _panels(
    content: Content,
    card: CalendarCard,
    language: Language,
    frame: Frame,
    draw: Callable[[Sequence[Row], Frame], Chart | None],
) -> list[Panel]:
    drawn = []
    for name, rows in panels(content.rows, card.panel, language):
        own = Frame(
            f"{frame.description}: {name}", frame.stamp, frame.tooltip, frame.reference
        )
        counted = families_between(_shown(rows), card.measures[0], language)
        hidden = calendar_notice(rows, card.x, language)
        drawn.append(Panel(name, counted, draw(rows, own), hidden))
    return drawn


def _shown(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if not is_suppressed(row)]


class _Spot(NamedTuple):
    """A row that is drawn, and the run of months it belongs to."""

    row: Row
    run: int
    is_alone: bool


def _spots(rows: Iterable[Row], card: CalendarCard, columns: set[str]) -> list[_Spot]:
    """Return the rows that have these figures, by month.

    A month that is hidden or has no row ends a run: a line or an area drawn across it
    would say what it was.
    """
    ordered = sorted(
        (
            row
            for row in rows
            if not is_suppressed(row)
            and all(row[column] is not None for column in columns)
        ),
        key=lambda row: month_number(row[card.x]),
    )
    numbers = [month_number(row[card.x]) for row in ordered]
    breaks = [int(number != before + 1) for before, number in pairwise(numbers)]
    runs = list(accumulate([0, *breaks]))[: len(ordered)]
    lengths = Counter(runs)
    return [
        _Spot(row, run, lengths[run] == 1)
        for run, row in zip(runs, ordered, strict=True)
    ]


def _placed(spot: _Spot, card: CalendarCard, language: Language) -> dict[str, Any]:
    """Return where a row stands, for the chart and for the page's filters."""
    found = spot.row[card.x]
    age = spot.row[card.age]
    return {
        "month": month_number(found),
        "said_month": month(found, language) if isinstance(found, date) else "",
        "age": None if age is None else int(str(age)),
        "run": spot.run,
        "is_alone": spot.is_alone,
    }


def _line_values(
    rows: Sequence[Row],
    card: LineCard,
    line: Measure,
    index: int,
    language: Language,
) -> Values:
    return [
        _placed(spot, card, language)
        | _share_values(spot.row, line, language)
        | {
            "line": index,
            # A run of one line is none of the other.
            "run": 2 * spot.run + index,
            "price": line.price or "",
            "name": _label(line, language),
        }
        for spot in _spots(rows, card, {line.column})
    ]


def _share_values(row: Row, line: Measure, language: Language) -> dict[str, Any]:
    return {
        "y": scaled(row[line.column], line.format),
        "low": scaled(row[line.low], line.format) if line.low else None,
        "high": scaled(row[line.high], line.format) if line.high else None,
        "words": figure(row, line, language),
        "spread": uncertainty(row, line, language) or say("no_interval", language),
        "n": plain(row[line.families], "count", language),
    }


def _area_values(rows: Sequence[Row], card: AreaCard, language: Language) -> Values:
    columns = {part.column for part in card.parts}
    values = []
    for spot in _spots(rows, card, columns):
        bottom = 0.0
        for index, part in enumerate(card.parts):
            top = bottom + (scaled(spot.row[part.column], part.format) or 0.0)
            values.append(
                _placed(spot, card, language)
                | {
                    "part": index,
                    "shade": area_shade(index, len(card.parts)),
                    "bottom": bottom,
                    "top": top,
                    "name": _label(part, language),
                    "words": figure(spot.row, part, language),
                    "n": plain(spot.row[part.families], "count", language),
                }
            )
            bottom = top
    return values


def _combo_values(rows: Sequence[Row], card: ComboCard, language: Language) -> Values:
    values = []
    for spot in _spots(rows, card, {card.bars.column, card.line.column}):
        placed = _placed(spot, card, language)
        values.append(
            placed
            | _share_values(spot.row, card.line, language)
            | {
                "start": placed["month"] - HALF_BAR,
                "end": placed["month"] + HALF_BAR,
                "bar": scaled(spot.row[card.bars.column], card.bars.format),
                "counted": figure(spot.row, card.bars, language),
            }
        )
    return values


def _months(rows: Iterable[Row], card: CalendarCard, language: Language) -> Axis:
    """Return the axis from the first month to the last, a tick at each quarter."""
    numbers = [month_number(row[card.x]) for row in rows] or [0]
    first, last = min(numbers), max(numbers)
    ticks = tuple(n for n in range(first, last + 1) if n % QUARTER == 0)
    ends = (first - HALF_MONTH, last + HALF_MONTH)
    return Axis(card.x_label.in_language(language), ends, ticks=ticks)


def _total(row: Row, card: AreaCard) -> float:
    return sum(scaled(row[part.column], part.format) or 0.0 for part in card.parts)


def _from_zero(highest: float) -> tuple[float, float]:
    return 0.0, round(highest * 1.04 or 1.0, 3)


def _shares(highest: float) -> tuple[float, float]:
    """Return an axis of shares: from zero to whole tens of per cent, 100 at most."""
    tens = -(-highest // SHARE_STEP) * SHARE_STEP
    return 0.0, float(min(max(tens, SHARE_STEP), WHOLE_SHARE))


def _label(measure: Measure, language: Language) -> str:
    return measure.label.in_language(language) if measure.label else ""
