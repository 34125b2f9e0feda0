"""Figures as people read them.

A decimal point and a thin space between thousands are read the same way in every
country of the programme, where a comma is not.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

from dashboards.spec import Format
from dashboards.words import label, say
from pages import LANGUAGES, Language, Said, short_month_names

THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
_SCALES: dict[Format, tuple[int, int]] = {  # factor and decimals
    "percent": (100, 1),
    "percentage_points": (100, 1),
    "points": (1, 2),
    "index": (100, 1),
    "money": (1, 0),
    "score": (1, 2),
    "count": (1, 0),
    "number": (1, 1),
    "days": (1, 1),
    "months": (1, 1),
}


def scaled(value: object, kind: Format) -> float | None:
    """Return the figure in the unit it is drawn in, such as 1.0 for a share of 0.01."""
    if not isinstance(value, int | float | Decimal):
        return None
    factor, decimals = _SCALES[kind]
    return round(float(value) * factor, decimals + 4)


def written(
    value: object,
    kind: Format,
    language: Language,
    *,
    is_signed: bool = False,
    currency: str = "",
) -> str:
    """Return a figure with its unit; a dash where it is not known."""
    number = plain(value, kind, language, is_signed=is_signed)
    if number == DASH:
        return number
    unit = {
        "percent": f"{NO_BREAK_SPACE}%",
        "percentage_points": f" {say('points', language)}",
        "points": f" {say('points', language)}",
        "money": f"{NO_BREAK_SPACE}{currency}",
        "days": f" {say('days', language)}",
        "months": f" {say('months', language)}",
    }
    return number + unit.get(kind, "")


def plain(
    value: object, kind: Format, language: Language, *, is_signed: bool = False
) -> str:
    """Return a figure without its unit; a dash where it is not known."""
    if value is None:
        return DASH
    if kind == "flag":
        return say("yes", language) if value else DASH
    if isinstance(value, date):
        return _date(value, kind, language)
    if kind in _SCALES:
        number = scaled(value, kind)
        return DASH if number is None else _number(number, kind, is_signed=is_signed)
    return str(value)


def _number(number: float, kind: Format, *, is_signed: bool) -> str:
    decimals = _SCALES[kind][1]
    rounded = round(number, decimals) + 0.0  # no negative zero
    digits = f"{abs(rounded):,.{decimals}f}".replace(",", THIN_SPACE)
    if rounded < 0:
        return MINUS + digits
    return f"+{digits}" if is_signed and rounded > 0 else digits


def _date(value: date, kind: Format, language: Language) -> str:
    """Return a month, or in the formats for it a day or an instant."""
    if kind == "instant" and isinstance(value, datetime):
        moment = value.astimezone(UTC)
        return f"{moment.day} {month(moment, language)}, {moment:%H:%M} UTC"
    if kind in {"day", "instant"}:
        return f"{value.day} {month(value, language)}"
    return month(value, language)


def month(value: date, language: Language) -> str:
    """Return a month such as `Jul 2021`."""
    return f"{short_month_names(language)[value.month - 1]} {value.year}"


def interval(
    low: object, high: object, kind: Format, language: Language, *, is_signed: bool
) -> str:
    """Return an interval such as `2.5 to 12.5 %`; nothing where there is none."""
    if low is None or high is None:
        return ""
    first = plain(low, kind, language, is_signed=is_signed)
    last = written(high, kind, language, is_signed=is_signed)
    return f"{first} {say('to', language)} {last}"


def named(row: dict[str, object], column: str, language: Language) -> str:
    """Return the words of a text column in the page's language.

    A query may give the column `event_name_es` beside `event_name`; a column of codes
    takes its words from `labels.yml`.
    """
    value = row.get(f"{column}_{language}") or row.get(column)
    if value is None:
        return DASH
    return label(column, str(value), language)


def said(row: dict[str, object], column: str, language: Language) -> Said:
    """Return words of the warehouse, in English where it has none in the language."""
    own = row.get(f"{column}_{language}")
    return Said(str(own), language) if own else Said(named(row, column, "en"), "en")


def has_words_missing(row: dict[str, object], language: Language) -> bool:
    """Return whether words that the query gives in several languages lack this one."""
    return language != "en" and any(
        row[column] is not None and not row.get(f"{column}_{language}")
        for column in _told_in_languages(row)
    )


def _told_in_languages(row: dict[str, object]) -> set[str]:
    """Return the columns beside which others have the same in another language."""
    return {
        column
        for column in row
        if any(f"{column}_{language}" in row for language in LANGUAGES)
    }
