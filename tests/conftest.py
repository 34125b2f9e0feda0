"""What every test may ask for: a Postgres server, and an empty database on it."""

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import postgres

REPOSITORY = Path(__file__).parents[1]
# The test files that take a minute and more; each is one process' work from the start.
LONGEST_FILES = ("tests/test_demo.py", "tests/benchmarks/test_main.py")
SHARED = REPOSITORY.parent / "shared"
RECORDINGS = SHARED / "sources" / "kobo_recorded"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the processes that share the tests take them a file at a time.

    Whatever reads the built pilot stays in one process, so that it is built only once,
    and whatever copies the landed one in another. What takes longest is begun first.
    """
    groups = {item: _group(item) for item in items}
    first = ["the built pilot", "the landed pilot", *LONGEST_FILES]
    for item, group in groups.items():
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(
        key=lambda item: (
            first.index(groups[item]) if groups[item] in first else len(first)
        )
    )


def _group(item: pytest.Item) -> str:
    fixtures: list[str] = getattr(item, "fixturenames", [])
    for name in ("built", "landed"):
        if f"{name}_pilot" in fixtures:
            return f"the {name} pilot"
    return item.nodeid.partition("::")[0]


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
