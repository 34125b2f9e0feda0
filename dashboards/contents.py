"""What a card shows: its rows, checked, stripped of suppressed figures and ordered."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from sqlalchemy import Connection

from dashboards.demands import (
    EVENT_COLUMNS,
    RELEASE,
    STATE_COLUMNS,
    check_columns,
    check_one_row_each,
    check_tables,
    columns_needed,
    is_placed,
)
from dashboards.errors import QueryError
from dashboards.formats import has_words_missing, named
from dashboards.queries import Answer, Row, ask
from dashboards.spec import Card, Dashboard, DistributionCard, NoteCard, TrendCard
from dashboards.spec_file import Spec
from pages import Language

SMALL_PANEL = 30  # families; below it a figure is marked, as the domain page asks
LIVE = "live"


@dataclass(frozen=True, slots=True)
class Content:
    """A card with its rows.

    Attributes:
        card: From the spec.
        rows: One per figure; suppressed figures are null here already.
        events: Event marks of a trend.
        relaunched: A row or more of each place with several launches.
        seconds: How long the card's query took.
    """

    card: Card
    rows: Sequence[Row] = ()
    events: Sequence[Row] = ()
    relaunched: Sequence[Row] = ()
    seconds: float = 0.0

    @property
    def has_suppressed(self) -> bool:
        """Whether at least one figure is held back."""
        return any(is_suppressed(row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class DashboardContent:
    """Everything a renderer needs for one dashboard, in any language."""

    spec: Spec
    state: Row
    cards: dict[str, Content]


def read_dashboard(connection: Connection, spec: Spec) -> DashboardContent:
    """Run every query of a dashboard.

    Raises:
        QueryError: A query fails or does not return what its card names.
    """
    dashboard = spec.dashboard
    state = _read_state(connection, spec)
    cards = {card.id: _read_card(connection, spec, card) for card in dashboard.cards}
    return DashboardContent(spec, state, cards)


def _read_state(connection: Connection, spec: Spec) -> Row:
    name = spec.dashboard.data_state
    where = f"{spec.name}, data_state"
    answer = _ask(connection, spec.queries[name], where)
    count = len(answer.rows)
    if count != 1:
        raise QueryError(f"{where}: the query returns {count} rows instead of one.")
    check_columns(answer.columns, STATE_COLUMNS, where)
    return answer.rows[0]


def _ask(
    connection: Connection,
    sql: str,
    where: str,
    parameters: Mapping[str, str] | None = None,
) -> Answer:
    check_tables(sql, where)
    return ask(connection, sql, where=where, parameters=parameters)


def _read_card(connection: Connection, spec: Spec, card: Card) -> Content:
    if isinstance(card, NoteCard):
        return Content(card)
    where = f"{spec.name}, card {card.id}"
    answer = _ask(connection, spec.queries[card.query_name], where, card.parameters)
    rows = answer.rows
    check_columns(answer.columns, columns_needed(card), where)
    placed = [row for row in rows if is_placed(row, card)]
    check_one_row_each(placed, card, where)
    if isinstance(card, DistributionCard):
        placed = hide_divided(placed, card)
    events: list[Row] = []
    if isinstance(card, TrendCard) and card.events:
        where = f"{spec.name}, events of card {card.id}"
        marks = _ask(connection, spec.queries[card.events], where)
        check_columns(marks.columns, EVENT_COLUMNS | {card.panel}, where)
        events = marks.rows
    return Content(
        card,
        [hide_suppressed(row) for row in placed],
        events,
        [row for row in rows if has_several_launches(row, card)],
        answer.seconds,
    )


def has_several_launches(row: Row, card: Card) -> bool:
    """Return whether the row's place has launches beside the one that is shown."""
    return bool(row.get("has_several_launches")) or not is_placed(row, card)


# Numbers that say where a figure stands, and are no figure of families themselves.
NO_FIGURES = frozenset({"months_since_launch_count", "definition_version"})


def is_suppressed(row: Row) -> bool:
    """Return whether the row's figures are held back."""
    return bool(row.get("is_suppressed"))


def hide_suppressed(row: Row) -> Row:
    """Return the row without its figures where it is suppressed.

    `share` carries nulls there already. A query that would bring a figure back, by
    reading elsewhere or computing anew, must not put it on a page.
    """
    if not is_suppressed(row):
        return row
    return {
        column: None if column not in NO_FIGURES and _is_figure(value) else value
        for column, value in row.items()
    }


def hide_divided(rows: Sequence[Row], card: DistributionCard) -> list[Row]:
    """Return the rows, those of a place with a suppressed class all suppressed.

    The classes of a place are all there is: one of them follows from the others.
    """
    reasons = {
        (row[card.item], row[RELEASE]): row.get("suppression_reason_code")
        for row in rows
        if is_suppressed(row)
    }
    return [
        row
        | (
            {"is_suppressed": True, "suppression_reason_code": reasons[spot]}
            if (spot := (row[card.item], row[RELEASE])) in reasons
            else {}
        )
        for row in rows
    ]


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def by_name(rows: Iterable[Row], column: str, language: Language) -> list[Row]:
    """Return the rows ordered by the name of a place, as people sort names."""
    return sorted(rows, key=lambda row: sort_key(named(row, column, language)))


def sort_key(name: str) -> tuple[str, str]:
    """Return a key under which accents and capitals do not set names apart."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return bare.casefold(), name


def panels(
    rows: Iterable[Row], column: str, language: Language
) -> list[tuple[str, list[Row]]]:
    """Return the rows of each place under its name, places ordered by name."""
    ordered = by_name(rows, column, language)
    return [
        (name, list(group))
        for name, group in groupby(
            ordered, key=lambda row: named(row, column, language)
        )
    ]


def published_release(rows: Iterable[Row]) -> str | None:
    """Return the newest release among the rows that is not the live one."""
    codes = {str(row["release_code"]) for row in rows if row.get("release_code")}
    return max(codes - {LIVE}, default=None)


def is_wholly_in(content: DashboardContent, language: Language) -> bool:
    """Return whether no word of a page is missing in a language."""
    return content.spec.dashboard.is_wholly_in(language) and not any(
        has_words_missing(row, language)
        for card in content.cards.values()
        for row in (*card.rows, *card.events)
    )


def definition_versions(dashboard: Dashboard, content: DashboardContent) -> list[str]:
    """Return `M03 v1` for every metric on the page, by code."""
    found = {
        (str(row["metric_code"]), str(row["definition_version"]))
        for card in dashboard.cards
        for row in content.cards[card.id].rows
        if row.get("metric_code") and row.get("definition_version")
    }
    return [f"{code} v{version}" for code, version in sorted(found)]
