"""What the charts of a card share: comparable axes, and words on what is hidden."""

from collections.abc import Iterable

from dashboards.contents import is_suppressed, panels
from dashboards.formats import scaled
from dashboards.queries import Row
from dashboards.spec import Language, Measure, StripCard, TrendCard
from dashboards.static.views import reason
from dashboards.words import say


def notice(rows: Iterable[Row], language: Language, item: str | None = None) -> str:
    """Return that figures are held back, of which places, and why."""
    hidden = [row for row in rows if is_suppressed(row)]
    if not hidden:
        return ""
    why = reason(hidden[0], language)
    words = say("suppressed", language)
    if item:
        names = ", ".join(name for name, _ in panels(hidden, item, language))
        return f"{words}: {names} ({why})." if why else f"{words}: {names}."
    return f"{words}: {why}." if why else f"{words}."


def reference(value: float | None, measure: Measure) -> float | None:
    """Return the figure to compare with, in the unit it is drawn in."""
    return None if value is None else scaled(value, measure.format)


def unit(measure: Measure) -> str:
    """Return the sign behind the labels of a figure's axis."""
    return " %" if measure.format == "percent" else ""


def x_domain(rows: Iterable[Row], card: TrendCard | StripCard) -> tuple[float, float]:
    """Return the first and the last month since launch."""
    months = [int(str(row[card.x])) for row in rows] or [0]
    return float(min(months)), float(max(months))


def domain(
    rows: Iterable[Row], measures: Iterable[Measure], compared: float | None
) -> tuple[float, float]:
    """Return the ends of an axis that holds every figure and interval of a card."""
    lines = list(measures)
    ends = [
        scaled(row[column], line.format)
        for row in rows
        for line in lines
        for column in (line.column, line.low, line.high)
        if column
    ]
    ends.append(reference(compared, lines[0]))
    known = [end for end in ends if end is not None] or [0.0]
    room = (max(known) - min(known)) * 0.06 or 1.0
    return round(min(known) - room, 3), round(max(known) + room, 3)
