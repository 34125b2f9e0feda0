"""Bring what readers asked from the server's log into `ops.query_log`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from warehouse.access.applying import admin_url
from warehouse.audit.log_files import lines_of_folder, lines_of_server
from warehouse.audit.log_lines import Asked, asked_in
from warehouse.audit.statements import relations_of, without_literals
from warehouse.connection import open_engine, reachable
from warehouse.errors import AuditError
from warehouse.tables import create_all, query_log

KEEP_DAYS = 365
AT_ONCE = 1_000
# A statement may run, and a file be written to, for as long as this after it began.
LONGEST = timedelta(days=1)
HAS_ACCESS = text("select to_regclass('access.readers') is not null")
# Also those that are readers no more: what they asked was asked.
READERS = text("""
select role_name from access.readers
union
select login from access.people
union
select role_name from ops.access_changes
where
    role_name not in ('public', 'loader', 'transformer', 'publisher')
    and role_name not like 'reads\\_%'
""")
RELATIONS = text("select schema_name, table_name from access.protected_relations")


@dataclass(frozen=True, slots=True)
class Collected:
    """What one reading of the log brought.

    Attributes:
        new_count: Statements that were not on record.
        forgotten_count: Those that were older than what is kept.
    """

    new_count: int
    forgotten_count: int


def collect(
    now: datetime,
    *,
    url: str | None = None,
    logs: Path | None = None,
    keep_days: int = KEEP_DAYS,
) -> Collected:
    """Read the log from where the last reading ended; forget what is too old.

    Args:
        now: What time it is.
        url: The warehouse, as somebody who may read the server's log. None takes
            `WAREHOUSE_ADMIN_URL`, or else `WAREHOUSE_URL`.
        logs: The folder of the log on this machine. None asks the server for it.
        keep_days: How long a statement is kept.

    Raises:
        AuditError: The log cannot be read, or access was never applied.
        WarehouseUnavailableError: The database cannot be reached.
    """
    engine = open_engine(admin_url(url))
    try:
        with reachable(engine):
            create_all(engine)
        with engine.begin() as connection:
            return _collect(connection, logs, now - timedelta(days=keep_days))
    finally:
        engine.dispose()


def _collect(
    connection: Connection, logs: Path | None, kept_since: datetime
) -> Collected:
    if not connection.execute(HAS_ACCESS).scalar_one():
        raise AuditError(
            "No reader is known here: run `python -m warehouse access apply` first."
        )
    roles = set(connection.execute(READERS).scalars())
    known = [tuple(row) for row in connection.execute(RELATIONS)]
    last = connection.execute(select(func.max(query_log.c.logged_at))).scalar_one()
    since = last - LONGEST if last else None
    lines = lines_of_folder(logs, since) if logs else lines_of_server(connection, since)
    asked = (one for one in asked_in(lines, roles) if one.logged_at >= kept_since)
    here = _of_this_database(connection, asked)
    new_count = 0
    while rows := [_row(one, known) for one in islice(here, AT_ONCE)]:
        new_count += _write(connection, rows)
    old = delete(query_log).where(query_log.c.logged_at < kept_since)
    return Collected(new_count, connection.execute(old).rowcount)


def _of_this_database(
    connection: Connection, asked: Iterable[Asked]
) -> Iterator[Asked]:
    name = connection.execute(text("select current_database()")).scalar_one()
    return (one for one in asked if one.database_name == name)


def _row(asked: Asked, known: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "session_id": asked.session_id,
        "line_number": asked.line_number,
        "role_name": asked.role_name,
        "database_name": asked.database_name,
        "logged_at": asked.logged_at,
        "relations": relations_of(asked.statement, known),
        "statement": without_literals(asked.statement),
        "milliseconds": asked.milliseconds,
        "error_code": asked.error_code,
    }


def _write(connection: Connection, rows: list[dict[str, Any]]) -> int:
    """Write what is not on record, complete what had not ended; return how many."""
    adding = insert(query_log).values(rows)
    ended = func.coalesce(adding.excluded.milliseconds, query_log.c.milliseconds)
    failed = func.coalesce(adding.excluded.error_code, query_log.c.error_code)
    written = connection.execute(
        adding.on_conflict_do_update(
            index_elements=["session_id", "line_number"],
            set_={"milliseconds": ended, "error_code": failed},
        ).returning(text("xmax = 0"))
    )
    return sum(written.scalars())
