"""Run a card's SQL: read-only, one snapshot for the whole build, never for long."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import StatementError

from dashboards.errors import QueryError
from warehouse.connection import open_engine, reachable

TIMEOUT_SECONDS = 15  # a card that takes longer would hold up a reader in Metabase too

Row = dict[str, object]


@contextmanager
def snapshot(url: str | None = None) -> Iterator[Connection]:
    """Yield a connection that can only read, and sees one state of the data throughout.

    Raises:
        WarehouseError: The warehouse is not configured or does not answer.
    """
    engine = open_engine(url)
    try:
        with reachable(engine):
            pass
        with engine.connect() as connection:
            reading = connection.execution_options(
                isolation_level="REPEATABLE READ",
                postgresql_readonly=True,
            )
            reading.exec_driver_sql(f"set statement_timeout = '{TIMEOUT_SECONDS}s'")
            yield reading
    finally:
        engine.dispose()


def parameters_of(sql: str) -> frozenset[str]:
    """Return the names that the SQL says as `:name`."""
    return frozenset(text(sql).compile().params)


def run_query(
    connection: Connection,
    sql: str,
    *,
    where: str,
    parameters: Mapping[str, str] | None = None,
) -> list[Row]:
    """Return the rows of one query.

    Args:
        connection: From `snapshot`.
        sql: One select.
        where: Which card of which dashboard asks, for the message.
        parameters: What the select says as `:name`. They are bound, not written into
            the SQL.

    Raises:
        QueryError: Postgres refused the query or it took too long.
    """
    try:
        with connection.begin_nested():
            found = connection.execute(text(sql), dict(parameters or {}))
            return [dict(row) for row in found.mappings()]
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
