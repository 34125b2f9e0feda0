"""Every arrow can be run twice: the second time changes nothing but run records."""

import json
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from sandbox.kobo import KoboServer
from sandbox.pilot.model import Pilot
from sandbox.postgres import Postgres
from tests.warehouse.conftest import (
    EMPTY_UNTIL_A_FREEZE,
    SECOND_PULL,
    Warehouse,
    copy_of_pilot,
    land_everything,
)
from warehouse import dbt

LAYERS = ("raw", "pii", "marts", "share")
# Filled by what a person does: reading families' own words, and erasing a family.
BY_HAND = {
    "pii.text_reviews",
    "pii.erasure_requests",
    "pii.erasure_leftovers",
    "pii.erasure_secrets",
    "pii.erasure_files",
}


def contents(url: str) -> dict[str, tuple[int, str | None]]:
    """Return the number of rows and a hash of all of them, for each table."""
    found = {}
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            """
            select schemaname, tablename from pg_tables
            where schemaname = any(%s) order by 1, 2
            """,
            [list(LAYERS)],
        ).fetchall()
        for schema, table in tables:
            query = sql.SQL(
                "select count(*), md5(string_agg(row::text, '' order by row::text)) "
                "from {} as row"
            )
            row = connection.execute(
                query.format(sql.Identifier(schema, table))
            ).fetchone()
            assert row
            found[f"{schema}.{table}"] = (row[0], row[1])
    # It holds the form server's address, and each stand-in has one of its own.
    del found["raw.registry__forms"]
    return found


def test_a_second_pull_and_build_change_no_row(  # noqa: PLR0913, PLR0917 - fixtures
    built_pilot: Warehouse,
    pilot: Pilot,
    postgres_server: Postgres,
    copy_target: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = tmp_path / "files"
    # Files written anew: their content is the same, so nothing of them may land.
    pilot.write_files(files)
    with (
        copy_of_pilot(postgres_server, copy_target) as copy,
        KoboServer(pilot.forms, clock=SECOND_PULL) as server,
    ):
        connection = {"conn_type": "http", "host": server.url, "password": server.token}
        monkeypatch.setenv("AIRFLOW_CONN_KOBO_MAIN", json.dumps(connection))
        monkeypatch.setenv("JOURNAL_FILES_ROOT", str(files))
        monkeypatch.setenv("WAREHOUSE_URL", copy.url)
        land_everything()
        # Once more without believing the marks: fetched anew, the content is the same.
        land_everything(full=True)
        dbt.build(target_dir=copy.target, exclude="test_type:unit")
        before, after = contents(built_pilot.url), contents(copy.url)

    assert before
    empty = {table for table, (count, _) in before.items() if not count}
    assert empty == EMPTY_UNTIL_A_FREEZE | BY_HAND, "an empty table proves nothing"
    assert after.keys() == before.keys()
    assert [table for table in before if after[table] != before[table]] == []
