"""What every test may ask for: a Postgres server, and an empty database on it."""

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import postgres

REPOSITORY = Path(__file__).parents[1]
# Tests below these read the one pilot that takes a minute to build.
READERS_OF_THE_PILOT = ("tests/warehouse/", "tests/dashboards/")
SHARED = REPOSITORY.parent / "shared"
RECORDINGS = SHARED / "sources" / "kobo_recorded"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the processes that share the tests take them a file at a time.

    Whatever reads the pilot stays in one process, so that it is built only once.
    """
    for item in items:
        file = item.nodeid.partition("::")[0]
        group = "pilot" if file.startswith(READERS_OF_THE_PILOT) else file
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Postgres]:
    """Run one embedded Postgres for the whole test session, gone afterwards."""
    with tempfile.TemporaryDirectory(
        prefix="warehouse-tests-", ignore_cleanup_errors=True
    ) as folder:
        data_dir = Path(folder) / "postgres"
        server = postgres.start(data_dir)
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
def shared_folder() -> Path:
    """Return the folder of recordings beside the checkout, or skip the test."""
    # The folder's name is an ordinary one: only what lies in it tells that it is ours.
    if not RECORDINGS.is_dir():
        pytest.skip(
            "no recordings (../shared/sources/kobo_recorded) beside this checkout"
        )
    return SHARED
