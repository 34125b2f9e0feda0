"""What a reader can narrow a page down to: places, months since launch, prices."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboards.contents import DashboardContent, sort_key
from dashboards.formats import named
from dashboards.queries import Row
from dashboards.spec import (
    AskingCard,
    CalendarCard,
    Card,
    LineCard,
    StripCard,
    TrendCard,
)
from dashboards.words import label
from pages import Language


@dataclass(frozen=True, slots=True)
class Filters:
    """The choices of one page.

    Attributes:
        countries: Each country with its sites, by name.
        months: The first and the last month since launch; None where no card has any.
        prices: Codes and names; empty where nothing stands at several prices.
    """

    countries: list[tuple[str, list[str]]]
    months: tuple[int, int] | None
    prices: list[tuple[str, str]]


def page_filters(content: DashboardContent, language: Language) -> Filters:
    """Return what the rows of a page let a reader choose."""
    rows = [row for card in content.cards.values() for row in card.rows]
    prices = _prices(content)
    return Filters(
        countries=_places(rows, language),
        months=_months(content),
        prices=[(code, label("price_code", code, language)) for code in prices]
        if len(prices) > 1
        else [],
    )


def _places(rows: Iterable[Row], language: Language) -> list[tuple[str, list[str]]]:
    sites: dict[str, set[str]] = {}
    for row in rows:
        if not row.get("country_code"):
            continue
        own = sites.setdefault(named(row, "country_code", language), set())
        if row.get("site_name"):
            own.add(str(row["site_name"]))
    ordered = sorted(sites, key=sort_key)
    return [(name, sorted(sites[name], key=sort_key)) for name in ordered]


def _months(content: DashboardContent) -> tuple[int, int] | None:
    months = [
        int(str(row[column]))
        for card in content.cards.values()
        if (column := _month_column(card.card))
        for row in card.rows
        if row[column] is not None
    ]
    return (min(months), max(months)) if months else None


def _month_column(card: Card) -> str | None:
    """Return the column of months since launch, where a card has one."""
    match card:
        case TrendCard() | StripCard():
            return card.x
        case CalendarCard():
            return card.age
        case _:
            return None


def _prices(content: DashboardContent) -> list[str]:
    found: set[str] = set()
    for card in content.spec.dashboard.cards:
        if isinstance(card, AskingCard):
            found |= {card.price} if card.price else set()
        if isinstance(card, TrendCard | LineCard):
            found |= {line.price for line in card.lines if line.price}
    return [code for code in ("nominal", "real", "usd_ppp") if code in found]
