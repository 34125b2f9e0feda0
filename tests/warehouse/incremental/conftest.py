"""Eight families of the pilot in a warehouse of their own, built once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class BuiltPanel:
    """The panel as it was built, of which each test has a copy.

    Attributes:
        server: Where it is.
        name: What a copy is called.
        target: dbt's target folder, of the build and of every copy.
    """

    server: Postgres
    name: str
    target: Path

    @contextmanager
    def copy(self) -> Iterator[Panel]:
        self.server.run_sql(
            f"create database {self.name} template {self.name}_as_built"
        )
        try:
            yield Panel(self.server.url(self.name), self.target)
        finally:
            self.server.run_sql(f"drop database {self.name} with (force)")


@pytest.fixture(scope="session")
def built_panel(
    landed_pilot: str,  # noqa: ARG001 - the database that is copied
    postgres_server: Postgres,
    tmp_path_factory: pytest.TempPathFactory,
) -> BuiltPanel:
    """Leave few families of the pilot and build."""
    name = "panel"
    target = tmp_path_factory.mktemp("panel")
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
    Panel(url, target).build()
    # It keeps its name for the copies, one at a time: in a database of another name
    # dbt parses the whole project anew, which takes as long as to build it.
    postgres_server.run_sql(f"alter database {name} rename to {name}_as_built")
    return BuiltPanel(postgres_server, name, target)


@pytest.fixture
def panel(built_panel: BuiltPanel) -> Iterator[Panel]:
    """Copy the built panel for one test."""
    with built_panel.copy() as panel:
        yield panel
