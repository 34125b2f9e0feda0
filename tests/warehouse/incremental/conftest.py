"""Eight families of the pilot in a warehouse of their own, built once."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from sandbox.postgres import Postgres
from tests.warehouse.incremental.panel import Panel
from warehouse.tables import SUBMISSIONS

# Of three countries, in few groups, and one that tells of two currencies.
FAMILIES = [
    *("MX-01-0001", "MX-01-0002", "MX-01-0003", "CO-01-0001", "CO-01-0002"),
    *("PH-01-0001", "PH-01-0002", "PH-01-0003"),
]
LEAVE_OUT_MEETINGS = """
delete from {table}
where not coalesce(answers -> 'attending_family_codes' ?| %s, false)
"""
MAKERS = ["staging", "intermediate", "marts", "share", "reference"]
LEAVE_OUT = """
delete from {table} where submission_id in (
    select submission_id from {table}
    where
        answers is not null
        and not coalesce(answers ->> 'family_code' = any(%s), false)
)
"""


@pytest.fixture(scope="session")
def built_panel(
    landed_pilot: str,  # noqa: ARG001 - the database that is copied
    postgres_server: Postgres,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """Leave few families of the pilot and build; the value is the database's name."""
    name = "panel"
    postgres_server.run_sql(f"create database {name} template pilot")
    url = postgres_server.url(name)
    with psycopg.connect(url, autocommit=True) as connection:
        for schema in MAKERS:
            connection.execute(
                sql.SQL("drop schema if exists {} cascade").format(
                    sql.Identifier(schema)
                )
            )
        connection.execute("truncate ops.builds, ops.build_runs, ops.built_families")
        connection.execute("drop table if exists ops.data_issues, ops.issue_rules")
        for role, table in SUBMISSIONS.items():
            place = sql.Identifier("raw", table.name)
            if role == "corrections":
                continue
            leave_out = LEAVE_OUT_MEETINGS if role == "peer_meeting" else LEAVE_OUT
            connection.execute(sql.SQL(leave_out).format(table=place), [FAMILIES])
            connection.execute(sql.SQL("vacuum full {}").format(place))
    Panel(url, tmp_path_factory.mktemp("panel")).build()
    return name


@pytest.fixture
def panel(
    built_panel: str, postgres_server: Postgres, tmp_path: Path
) -> Iterator[Panel]:
    """Copy the built panel for one test."""
    name = f"panel_{uuid.uuid4().hex[:12]}"
    postgres_server.run_sql(f"create database {name} template {built_panel}")
    yield Panel(postgres_server.url(name), tmp_path / "target")
    postgres_server.run_sql(f'drop database "{name}" with (force)')
