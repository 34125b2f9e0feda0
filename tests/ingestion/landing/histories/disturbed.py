"""A small eventful form, what its tables hold, and a database that goes away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
from sqlalchemy import Engine, text

from sandbox.pilot.model import Form
from tests.ingestion.small_forms import Life, day
from warehouse.tables import metadata

FIRST, SECOND = day(15), day(61)
# They name the run and its time, and so differ between two runs that do the same.
OF_A_RUN = ("run_id", "landed_at", "first_seen_run_id", "last_seen_run_id")
CONTENT = (
    "select * from raw.forms__journals order by submission_id, version_number",
    "select * from raw.forms__versions order by form_version_id",
    "select * from pii.family_contacts order by submission_id",
    "select * from ops.submission_states order by submission_id",
)
# What builds keep on record; landing writes none of it.
BOOKS_OF_BUILDS = {"dbt_results", "builds", "build_runs", "built_families"}
Content = list[dict[str, Any]]
BeforeStatement = Callable[[psycopg.Connection[Any]], None]


def eventful_form() -> Form:
    """Return ten submissions of which one of everything happens after day 15."""
    life = Life()
    for number in range(1, 11):
        life.add(number, number)
    life.edit(3, 20, ref_month="2021-02-01")
    life.review(4, 21, "approved")
    life.edit(5, 22, ref_month="2021-02-01")
    life.review(5, 23, "on_hold")
    life.delete(6, 24)
    life.add(11, 25)
    life.add(12, 60, family_code="MX-01-0012", mood="good")
    return life.form()


def content(engine: Engine) -> Content:
    """Return every row of raw, pii and the states, but for what names the run."""
    found: Content = []
    with engine.connect() as connection:
        for query in CONTENT:
            found += [
                {k: v for k, v in row.items() if k not in OF_A_RUN}
                for row in connection.execute(text(query)).mappings()
            ]
    return found


def without_times(rows: Content) -> Content:
    """Return rows without the time that the project history tells."""
    return [{k: v for k, v in row.items() if k != "known_at"} for row in rows]


def empty(engine: Engine) -> None:
    """Empty every table that landing writes."""
    with engine.begin() as connection:
        connection.execute(text(f"truncate {', '.join(_written())}"))


def keep(engine: Engine) -> None:
    """Keep a copy of every table that landing writes, to `put_back`."""
    with engine.begin() as connection:
        connection.execute(text("create schema kept"))
        for name in _written():
            kept = name.replace(".", "_")
            connection.execute(text(f"create table kept.{kept} as table {name}"))


def put_back(engine: Engine) -> None:
    """Bring every table that landing writes to where it was when it was kept."""
    empty(engine)
    with engine.begin() as connection:
        for name in _written():
            kept = name.replace(".", "_")
            connection.execute(
                text(
                    f"insert into {name} overriding system value "  # noqa: S608 - ours
                    f"select * from kept.{kept}"
                )
            )


def _written() -> list[str]:
    return [
        f"{table.schema}.{table.name}"
        for table in metadata.sorted_tables
        if table.schema in ("raw", "ops", "pii") and table.name not in BOOKS_OF_BUILDS
    ]


def locks(engine: Engine) -> int:
    """Return how many forms are held by a run."""
    query = "select count(*) from pg_locks where locktype = 'advisory'"
    with engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())


@contextmanager
def before_every_statement(act: BeforeStatement) -> Iterator[None]:
    """Call `act` before whatever is sent to the database: statement, COPY or commit."""
    cursor, session = psycopg.Cursor, psycopg.Connection

    def hooked(original: Callable[..., Any]) -> Callable[..., Any]:
        def run(self: Any, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - either
            act(self if isinstance(self, session) else self.connection)
            return original(self, *arguments, **options)

        return run

    with (
        patch.object(cursor, "execute", hooked(cursor.execute)),
        patch.object(cursor, "executemany", hooked(cursor.executemany)),
        patch.object(cursor, "copy", hooked(cursor.copy)),
        patch.object(session, "commit", hooked(session.commit)),
    ):
        yield


def end_session(url: str, victim: psycopg.Connection[Any]) -> None:
    """End a session as an administrator does, and wait until it has ended."""
    administrator = psycopg.pq.PGconn.connect(url.encode())
    pid = str(victim.info.backend_pid).encode()
    # Not by a cursor: what it sends must not be counted among the run's.
    administrator.exec_params(b"select pg_terminate_backend($1, 5000)", [pid])
    administrator.finish()
