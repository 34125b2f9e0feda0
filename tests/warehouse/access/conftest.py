"""A copy of the pilot in which access was applied, and logins of every kind of role."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from sandbox.postgres import Postgres
from tests.warehouse.conftest import Warehouse
from warehouse.access import applying
from warehouse.access.entries import Access
from warehouse.access.passwords import variable_of
from warehouse.access.registry import AccessRegistry, load_access

PASSWORD = "in-the-tests-alone"  # noqa: S105 - of servers that live as long as a test
LOGINS = {
    "lead_loma_clara": Access(sites=["MX-01"]),
    "lead_with_totals": Access(sites=["MX-01"], totals=True),
    "lead_one": Access(sites=["MX-01"], people=["maria"]),
    "lead_other": Access(sites=["MX-02"], people=["maria"]),
    "liaison_one": Access(groups=["MX-PG01"], people=["jose"]),
    "lead_of_jose": Access(sites=["PH-01"], people=["jose"]),
}


@dataclass(frozen=True, slots=True)
class Guarded:
    """A warehouse in which access was applied.

    Attributes:
        server: Where it is.
        database: Its name.
        registry: What was applied.
    """

    server: Postgres
    database: str
    registry: AccessRegistry = field(repr=False)

    @property
    def url(self) -> str:
        """The URL of its administrator."""
        return self.server.url(self.database)

    def url_of(self, role: str) -> str:
        return re.sub(r"//.*@", f"//{role}:{PASSWORD}@", self.url)

    def log_in(self, role: str) -> psycopg.Connection:
        return psycopg.connect(self.url_of(role))

    def rows(self, role: str, query: str) -> list[tuple[Any, ...]]:
        with self.log_in(role) as connection:
            return connection.execute(query.encode()).fetchall()

    def column(self, role: str, query: str) -> set[Any]:
        return {row[0] for row in self.rows(role, query)}

    def all_rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask as the administrator, whom no policy concerns."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(query.encode()).fetchall()

    def run(self, *statements: str) -> None:
        """Run statements as the administrator."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


def registry_of(readers: Mapping[str, Access]) -> AccessRegistry:
    """Return the pilot's sites and cohorts with these readers."""
    pilot = load_access()
    return AccessRegistry(pilot.countries, pilot.cohorts, readers)


def set_passwords(patch: pytest.MonkeyPatch, *roles: str) -> None:
    for role in roles:
        patch.setenv(variable_of(role), PASSWORD)


@pytest.fixture(scope="session")
def guarded(
    built_pilot: Warehouse,  # noqa: ARG001 - the database that is copied
    postgres_server: Postgres,
) -> Iterator[Guarded]:
    """Apply access to a copy of the pilot; what tests change there they take back."""
    name = "pilot_guarded"
    postgres_server.run_sql(f"create database {name} template pilot")
    registry = registry_of({**load_access().readers, **LOGINS})
    with pytest.MonkeyPatch.context() as patch:
        set_passwords(
            patch,
            "loader",
            "transformer",
            "publisher",
            "reviewer",
            *registry.readers,
            *registry.people,
        )
        applying.apply(postgres_server.url(name), registry)
    yield Guarded(postgres_server, name, registry)
    postgres_server.run_sql(f"drop database {name} with (force)")
