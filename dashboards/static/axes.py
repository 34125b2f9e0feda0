"""What the charts of a card share: comparable axes, and words on what is hidden."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby

from dashboards.contents import is_suppressed, panels
from dashboards.formats import month, scaled
from dashboards.queries import Row
from dashboards.spec import Measure, StripCard, TrendCard
from dashboards.static.views import reason, release_name
from dashboards.words import say
from pages import Language

LEAST_SPAN = 3  # months in a row; two are named one by one


def notice(rows: Sequence[Row], language: Language, item: str | None = None) -> str:
    """Return that figures are held back, of which places and release, and why.

    Such as `Not shown: Colombia, Mexico (Live: fewer than ten families).` The release
    is named where the place shows its figure of another.
    """
    hidden = [row for row in rows if is_suppressed(row)]
    if not hidden:
        return ""
    shown = [row for row in rows if not is_suppressed(row)]
    spots: dict[str, list[Row]] = {}
    for row in hidden:
        why = reason(row, language)
        if any(_is_of_another_release(other, row, item) for other in shown):
            release = release_name(str(row["release_code"]), language)
            why = f"{release}: {why}" if why else release
        spots.setdefault(why, []).append(row)
    said = [_spot(found, why, language, item) for why, found in spots.items()]
    words = [say("suppressed", language), "; ".join(filter(None, said))]
    return ": ".join(filter(None, words)) + "."


def _is_of_another_release(one: Row, other: Row, item: str | None) -> bool:
    is_of_one_place = item is None or one[item] == other[item]
    return is_of_one_place and one.get("release_code") != other.get("release_code")


def _spot(rows: list[Row], why: str, language: Language, item: str | None) -> str:
    if not item:
        return why
    names = ", ".join(name for name, _ in panels(rows, item, language))
    return f"{names} ({why})" if why else names


def months_notice(
    rows: Sequence[Row], card: TrendCard | StripCard, language: Language
) -> str:
    """Return which months since launch are held back, and why.

    Such as `Not shown: months 7 and 11: fewer than ten families.` A strip names the
    places too. Where nothing of a place is shown, its months need no naming.
    """
    places = (
        panels(rows, card.item, language)
        if isinstance(card, StripCard)
        else [("", list(rows))]
    )
    spots: dict[str, list[str]] = {}
    for name, group in places:
        is_whole = all(is_suppressed(row) for row in group)
        for why, counts in _hidden_months(group, card.x, language).items():
            months = "" if is_whole else month_counts(counts, language)
            spot = f"{name} ({months})" if name and months else name or months
            spots.setdefault(why, []).append(spot)
    if not spots:
        return ""
    said = [
        ": ".join(part for part in (", ".join(filter(None, found)), why) if part)
        for why, found in spots.items()
    ]
    words = [say("suppressed", language), "; ".join(said)]
    return ": ".join(part for part in words if part) + "."


def _hidden_months(
    rows: Iterable[Row], x: str, language: Language
) -> dict[str, list[int]]:
    """Return the months that are held back, by the reason."""
    found: dict[str, list[int]] = {}
    for row in rows:
        if is_suppressed(row):
            found.setdefault(reason(row, language), []).append(int(str(row[x])))
    return found


def calendar_notice(rows: Iterable[Row], x: str, language: Language) -> str:
    """Return which calendar months of one place are held back, and why.

    Such as `Not shown: Jul 2020 and Sep 2020: fewer than ten families.` Where nothing
    of the place is shown, its months need no naming.
    """
    everything = list(rows)
    hidden: dict[str, list[int]] = {}
    for row in everything:
        if is_suppressed(row):
            numbers = hidden.setdefault(reason(row, language), [])
            numbers.append(month_number(row[x]))
    if not hidden:
        return ""
    is_whole = all(is_suppressed(row) for row in everything)
    said = [
        ": ".join(
            filter(None, ("" if is_whole else _month_names(found, language), why))
        )
        for why, found in hidden.items()
    ]
    words = [say("suppressed", language), "; ".join(filter(None, said))]
    return ": ".join(filter(None, words)) + "."


def month_number(value: object) -> int:
    """Return a calendar month as a number, twelve to a year, so that one more is next.

    Raises:
        TypeError: The value is no date, as a query's column of months must be.
    """
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is no month: let the query return a date")
    return value.year * 12 + value.month - 1


def _month_names(numbers: Iterable[int], language: Language) -> str:
    def name(number: int) -> str:
        return month(date(number // 12, number % 12 + 1, 1), language)

    return _spans(sorted(set(numbers)), name, language)


def month_counts(counts: Iterable[int], language: Language) -> str:
    """Return `month 7`, `months 7 and 11` or `months 2 to 5, 7 and 11`."""
    ordered = sorted(set(counts))
    words = _spans(ordered, str, language)
    return f"{say('months' if len(ordered) > 1 else 'month', language)} {words}"


def _spans(
    ordered: Sequence[int], name: Callable[[int], str], language: Language
) -> str:
    """Return numbers by their names, those in a row by the first and the last."""
    runs = [
        [count for _, count in run]
        for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0])
    ]
    parts: list[str] = []
    for run in runs:
        if len(run) >= LEAST_SPAN:
            parts.append(f"{name(run[0])} {say('to', language)} {name(run[-1])}")
        else:
            parts += map(name, run)
    *first, last = parts
    return f"{', '.join(first)} {say('and', language)} {last}" if first else last


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
