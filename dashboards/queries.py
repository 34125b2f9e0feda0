"""Run a card's SQL: read-only, one snapshot for the whole build, never for long."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.exc import StatementError

from dashboards.errors import QueryError
from warehouse.connection import read_snapshot

TIMEOUT_SECONDS = 15  # a card that takes longer would hold up a reader in Metabase too

# What a card may read: all of `share`, and of the marts the names of things.
READABLE_SCHEMA = "share"
READABLE_NAMES = frozenset(
    f"marts.dim_{name}"
    for name in (
        "cohorts",
        "countries",
        "events",
        "form_versions",
        "metrics",
        "releases",
        "sites",
    )
)
_LAYERS = "raw|pii|ops|staging|intermediate|reference|marts|share|release_\\w+"
_TABLE = re.compile(rf'"?\b({_LAYERS})"?\."?(\w+)', re.IGNORECASE)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave.

    Attributes:
        rows: In the order of the query.
        columns: Their names, also where there is no row.
        seconds: How long it took, the fetching with it.
    """

    rows: list[Row]
    columns: frozenset[str]
    seconds: float


@contextmanager
def snapshot(
    url: str | None = None, *, role: str | None = None
) -> Iterator[Connection]:
    """Yield a connection that can only read, and sees one state of the data throughout.

    Args:
        url: The warehouse. None takes `WAREHOUSE_URL`.
        role: Whose rows it reads; None is who logs in.

    Raises:
        WarehouseError: The warehouse is not configured or does not answer, or who logs
            in may not read as the role.
    """
    with read_snapshot(url, timeout_seconds=TIMEOUT_SECONDS, role=role) as reading:
        yield reading


def parameters_of(sql: str) -> frozenset[str]:
    """Return the names that the SQL says as `:name`."""
    return frozenset(text(sql).compile().params)


def unreadable_tables(sql: str) -> list[str]:
    """Return the tables that the SQL names and no card may read."""
    named = {
        f"{schema}.{table}".lower()
        for schema, table in _TABLE.findall(_COMMENT.sub(" ", sql))
    }
    return sorted(
        name
        for name in named - READABLE_NAMES
        if not name.startswith(f"{READABLE_SCHEMA}.")
    )


def run_query(
    connection: Connection,
    sql: str,
    *,
    where: str,
    parameters: Mapping[str, str] | None = None,
) -> list[Row]:
    """Return the rows of one query; see `ask`."""
    return ask(connection, sql, where=where, parameters=parameters).rows


def ask(
    connection: Connection,
    sql: str,
    *,
    where: str,
    parameters: Mapping[str, str] | None = None,
) -> Answer:
    """Return what one query gives.

    Args:
        connection: From `snapshot`.
        sql: One select.
        where: Which card of which dashboard asks, for the message.
        parameters: What the select says as `:name`. They are bound, not written into
            the SQL.

    Raises:
        QueryError: Postgres refused the query or it took too long.
    """
    begun = time.perf_counter()
    try:
        with connection.begin_nested():
            found = connection.execute(text(sql), dict(parameters or {}))
            rows = [dict(row) for row in found.mappings()]
            seconds = time.perf_counter() - begun
            return Answer(rows, frozenset(found.keys()), seconds)
    except StatementError as error:
        reason = str(error.orig).splitlines()[0].rstrip(".")
        raise QueryError(f"{where}: the query failed: {reason}.{_hint(error)}") from (
            error
        )


def _hint(error: StatementError) -> str:
    state = getattr(error.orig, "sqlstate", None)
    hints = {
        "42P01": " Build the warehouse first: its tables come from dbt.",
        "57014": f" A card may take {TIMEOUT_SECONDS} seconds; make its query lighter.",
        "42501": " Grant the login read access to share.",
        "25006": " A card only reads.",
    }
    return hints.get(str(state), "")
