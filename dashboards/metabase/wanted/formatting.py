"""How Metabase writes a column: our formats in its words."""

from collections.abc import Iterable
from typing import Any

from dashboards.metabase.wanted.sql import Shown
from dashboards.spec import Format
from dashboards.words import say
from pages import Language

# A thin space between thousands reads the same everywhere; a comma does not.
_SEPARATORS = ".\N{NARROW NO-BREAK SPACE}"
_NUMBERS: dict[Format, dict[str, Any]] = {
    "percent": {"number_style": "percent", "decimals": 1},
    "percentage_points": {"scale": 100, "decimals": 1},
    "points": {"decimals": 2},
    "index": {"scale": 100, "decimals": 1},
    "money": {"decimals": 0},
    "score": {"decimals": 2},
    "count": {"decimals": 0},
    "number": {"decimals": 1},
    "days": {"decimals": 1},
    "months": {"decimals": 1},
}


def column_key(name: str) -> str:
    """Return under which key Metabase keeps what it is told of a column."""
    return f'["name","{name}"]'


def column_settings(shown: Iterable[Shown], language: Language) -> dict[str, Any]:
    """Return titles and formats of a card's columns."""
    return {
        column_key(one.name): {"column_title": one.title, **_number(one, language)}
        for one in shown
    }


def _number(one: Shown, language: Language) -> dict[str, Any]:
    if one.format == "month":
        return {"date_style": "MMMM, YYYY", "date_abbreviate": True}
    if one.format not in _NUMBERS:
        return {}
    written = {"number_separators": _SEPARATORS, **_NUMBERS[one.format]}
    if one.format in {"percentage_points", "points"}:
        written["suffix"] = f" {say('points', language)}"
    if one.format in {"days", "months"}:
        written["suffix"] = f" {say(one.format, language)}"
    return written
