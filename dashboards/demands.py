"""What a card demands of the rows of its query, checked before anything is drawn."""

from collections import Counter
from collections.abc import Iterable

from dashboards.errors import QueryError
from dashboards.formats import named
from dashboards.queries import Row, unreadable_tables
from dashboards.spec import (
    CalendarCard,
    Card,
    DefinitionCard,
    Detail,
    MapCard,
    Measure,
    NoteCard,
    NumberCard,
    ProgressCard,
    StripCard,
    TableCard,
    TrendCard,
)

RELEASE = "release_code"  # every row with figures says as of when they are known
STATE_COLUMNS = frozenset({"latest_journal_month", "form_version_name", RELEASE})
EVENT_COLUMNS = frozenset({"event_name", "start_count", "end_count"})
DEFINITION_COLUMNS = frozenset(
    {
        "metric_code",
        "metric_name",
        "definition",
        "formula",
        "definition_version",
        "variant_code",
        "format_code",
    }
)


def columns_needed(card: Card) -> frozenset[str]:
    """Return the columns that a card's query must give."""
    if isinstance(card, NoteCard):
        return frozenset()
    needed = {RELEASE, *row_key(card)}.union(*map(_of, card.measures))
    match card:
        case NumberCard(detail=Detail() as detail):
            needed |= {detail.first, detail.second}
        case CalendarCard():
            needed |= {card.age}
        case ProgressCard():
            needed |= {card.part.column, card.whole.column}
        case MapCard():
            needed |= {card.two_letter_code, card.month}
        case TableCard():
            needed |= {column.column for column in card.columns}
        case DefinitionCard():
            needed |= {card.value, card.low, card.high, card.families}
            needed |= DEFINITION_COLUMNS
    return frozenset(needed)


def row_key(card: Card) -> tuple[str, ...]:
    """Return the columns that tell the rows of a card apart, the place first."""
    return () if isinstance(card, NoteCard) else card.row_key


def _of(measure: Measure) -> frozenset[str]:
    columns = (
        measure.column,
        measure.families,
        measure.low,
        measure.high,
        measure.currency,
    )
    return frozenset(column for column in columns if column)


def check_columns(given: Iterable[str], needed: Iterable[str], where: str) -> None:
    """Check that a query gives every column needed.

    Raises:
        QueryError: One is missing; the message names card and column.
    """
    missing = sorted(set(needed) - set(given))
    if missing:
        raise QueryError(
            f"{where}: the query does not return {', '.join(missing)}, which the card "
            "names."
        )


def check_tables(sql: str, where: str) -> None:
    """Check that a query reads only what dashboards may.

    Raises:
        QueryError: It names another table; the message names the card and the table.
    """
    wrong = unreadable_tables(sql)
    if wrong:
        raise QueryError(
            f"{where}: the query reads {', '.join(wrong)}; a card reads share, and "
            "names of things from marts, for what it shows is for eyes outside the "
            "programme."
        )


def check_one_row_each(rows: Iterable[Row], card: Card, where: str) -> None:
    """Check that no two rows would stand in one spot of the card.

    Two windows or two definitions of a figure look alike once drawn: which of them is
    meant is for the query to say, never for the order of its rows. A map and calendar
    months have no room for two releases either.

    Raises:
        QueryError: There are two; the message names card, place and release.
    """
    key = row_key(card)
    is_of_one_release = isinstance(card, CalendarCard | MapCard)
    counts = Counter(
        (
            *(named(row, column, "en") for column in key),
            "any release" if is_of_one_release else str(row[RELEASE]),
        )
        for row in rows
    )
    twice = sorted(spot for spot, count in counts.items() if count > 1)
    if twice:
        *spot, release = twice[0]
        raise QueryError(
            f"{where}: the query gives more than one row for {', '.join(spot)} in "
            f"{release}; let it choose one window and one definition."
        )


def is_placed(row: Row, card: Card) -> bool:
    """Return whether the row has a month since launch, where the card draws by it.

    It has none where several launches overlap: such a month has several ages.
    """
    return not isinstance(card, TrendCard | StripCard) or row[card.x] is not None
