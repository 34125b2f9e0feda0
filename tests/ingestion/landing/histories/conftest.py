"""One database for all of these tests: to make one takes longer than many a run."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from sandbox import postgres
from tests.ingestion.landing.histories.disturbed import empty
from warehouse.connection import open_engine
from warehouse.tables import create_all

END_OTHERS = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""


@pytest.fixture(scope="session")
def shared_warehouse(postgres_server: postgres.Postgres) -> Iterator[str]:
    """Make a database with its tables; the value is its URL."""
    postgres_server.ensure_database("histories")
    url = postgres_server.url("histories")
    engine = open_engine(url)
    create_all(engine)
    engine.dispose()
    yield url
    postgres_server.run_sql('drop database "histories" with (force)')


@pytest.fixture
def warehouse_with_tables(shared_warehouse: str) -> str:
    """Return the URL of a database with its tables and no rows."""
    engine = open_engine(shared_warehouse)
    with engine.begin() as connection:
        # A process that was killed may have left one that waits.
        connection.execute(text(END_OTHERS))
        connection.execute(text("drop schema if exists kept cascade"))
    empty(engine)
    engine.dispose()
    return shared_warehouse


@pytest.fixture
def engine(warehouse_with_tables: str) -> Iterator[Engine]:
    """Return an engine on a warehouse that has its tables and no rows."""
    engine = open_engine(warehouse_with_tables)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def warehouse(shared_warehouse: str) -> Iterator[Engine]:
    """Return an engine for tests of many examples; each begins by emptying it."""
    engine = open_engine(shared_warehouse)
    yield engine
    engine.dispose()
