"""What every test may ask for: a Postgres server, and an empty database on it."""

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from sandbox import postgres
from warehouse.connection import open_engine
from warehouse.tables import create_all

REPOSITORY = Path(__file__).parents[1]
# One process builds the pilot for all that read it, another lands it for those who copy
# it, and these neither read it nor copy it. A wrong entry costs a minute and no more.
LANDED, BUILT = "tests/warehouse/incremental/", "tests/warehouse/"
SCHEDULED = "tests/dags/scheduler/"  # they share one Airflow
WITHOUT_PILOT = (
    *(
        f"tests/warehouse/{name}"
        for name in ("audit", "backups", "exports", "migrations", "prices", "status")
    ),
    *(f"tests/warehouse/test_{name}" for name in ("connection", "dbt", "tables")),
    "tests/warehouse/access/test_entries",
    "tests/warehouse/releases/test_definition",
    "tests/warehouse/releases/test_freezing",
)
# What takes longest is begun first.
FIRST = (
    BUILT,
    LANDED,
    SCHEDULED,
    "tests/test_demo.py",
    "tests/benchmarks/test_main.py",
)
SHARED = REPOSITORY.parent / "shared"
RECORDINGS = SHARED / "sources" / "kobo_recorded"


class ByGroup(LoadScopeScheduling):  # type: ignore[misc]  # xdist is untyped
    """Gives each of the processes that share the tests a group of files at a time.

    xdist's own groups do not: it writes them where this pytest no longer looks.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def pytest_xdist_make_scheduler(
    config: pytest.Config, log: Producer
) -> LoadScopeScheduling:
    return ByGroup(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {group: place for place, group in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(group_of(item.nodeid), len(FIRST)))


def group_of(nodeid: str) -> str:
    """Return the group of a test: its file, or what it shares with other files."""
    file = nodeid.partition("::")[0]
    for folder in (LANDED, SCHEDULED):
        if file.startswith(folder):
            return folder
    if file.startswith(BUILT) and not file.startswith(WITHOUT_PILOT):
        return BUILT
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Postgres]:
    """Run one embedded Postgres for the whole test session, gone afterwards."""
    with tempfile.TemporaryDirectory(
        prefix="warehouse-tests-", ignore_cleanup_errors=True
    ) as folder:
        data_dir = Path(folder) / "postgres"
        server = postgres.start(data_dir)
        # Nothing here outlives a power cut, and every database that is made and dropped
        # would wait for the disk.
        server.run_sql("alter system set fsync = off")
        server.run_sql("select pg_reload_conf()")
        try:
            yield server
        finally:
            postgres.stop(data_dir)


@pytest.fixture
def empty_warehouse(postgres_server: postgres.Postgres) -> Iterator[str]:
    """Make a database with nothing in it; the value is its URL."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres_server.ensure_database(name)
    yield postgres_server.url(name)
    postgres_server.run_sql(f'drop database "{name}" with (force)')


@pytest.fixture(scope="session")
def template_with_tables(postgres_server: postgres.Postgres) -> str:
    """Make a warehouse with its tables to copy; the value is the database's name."""
    name = "template_with_tables"
    postgres_server.ensure_database(name)
    engine = open_engine(postgres_server.url(name))
    create_all(engine)
    engine.dispose()
    return name


@pytest.fixture
def warehouse_with_tables(
    postgres_server: postgres.Postgres, template_with_tables: str
) -> Iterator[str]:
    """Copy a warehouse that has its tables and no rows; the value is its URL.

    A copy takes a fifth of the time of making the tables.
    """
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres_server.run_sql(f'create database "{name}" template {template_with_tables}')
    yield postgres_server.url(name)
    postgres_server.run_sql(f'drop database "{name}" with (force)')


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """Return the folder of recordings beside the checkout, or skip the test."""
    # The folder's name is an ordinary one: only what lies in it tells that it is ours.
    if not RECORDINGS.is_dir():
        pytest.skip(
            "no recordings (../shared/sources/kobo_recorded) beside this checkout"
        )
    return SHARED
