from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from sandbox.metabase import MetabaseServer
from sandbox.postgres import Postgres

DATABASE = "metabase_stand_in"
ROLE = "metabase_stand_in"
PASSWORD = "a password of tests"  # noqa: S105 - as it says


class Client(httpx.Client):
    """Requests of an administrator, who may also make things in a word."""

    def made(self, path: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
        """POST and return what was made."""
        answer = self.post(path, json=body)
        assert answer.is_success, answer.text
        return dict(answer.json())


Serve = Callable[..., tuple[MetabaseServer, Client]]


@pytest.fixture(scope="session")
def details(postgres_server: Postgres) -> Iterator[dict[str, Any]]:
    """Return how to connect to a database with two tables, one of them closed."""
    postgres_server.ensure_database(DATABASE)
    statements = (
        f"create role {ROLE} login password '{PASSWORD}'",
        "create schema share",
        "create table share.open_figures (site_code text, value numeric, is_new bool)",
        "insert into share.open_figures values ('MX-01', 1.5, true)",
        "insert into share.open_figures values ('CO-01', 2, null)",
        "create table share.closed_figures (site_code text)",
        # Granted, but its schema is closed: asking about it by name is an error.
        "create schema ops",
        "create table ops.runs (run_id text)",
        f"grant select on ops.runs to {ROLE}",
        f"grant usage on schema share to {ROLE}",
        f"grant select on share.open_figures to {ROLE}",
    )
    postgres_server.run_sql("; ".join(statements), DATABASE)
    yield {
        "host": "127.0.0.1",
        "port": postgres_server.port,
        "dbname": DATABASE,
        "user": ROLE,
        "password": PASSWORD,
        "ssl": False,
        "schema-filters-type": "inclusion",
        "schema-filters-patterns": "share",
    }
    postgres_server.run_sql(f"drop database {DATABASE} with (force)")
    postgres_server.run_sql(f"drop role {ROLE}")


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a maker of servers and administrators of them."""
    opened: list[tuple[MetabaseServer, Client]] = []

    def make(version: int = 58) -> tuple[MetabaseServer, Client]:
        server = MetabaseServer(version).start()
        headers = {"X-API-KEY": server.add_api_key()}
        client = Client(base_url=server.url, headers=headers)
        opened.append((server, client))
        return server, client

    yield make
    for server, client in opened:
        client.close()
        server.stop()
