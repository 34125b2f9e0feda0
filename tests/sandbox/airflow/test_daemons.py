import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.airflow import daemons
from sandbox.machine.home import Home
from sandbox.postgres import Postgres

MIGRATE = "print('migrated', file=open({!r}, 'a'))"


@pytest.fixture
def server(postgres_server: Postgres) -> Iterator[Postgres]:
    yield postgres_server
    _drop(postgres_server)


def test_metadata_are_made_once_and_again_when_the_database_is_a_new_one(
    server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "made"
    command = [sys.executable, "-c", MIGRATE.format(str(made))]
    monkeypatch.setattr(daemons, "ENTRY_POINT", command)
    home = Home(tmp_path / "home")
    counts = []
    for is_new in (True, False, True):
        if is_new:
            _drop(server)
        daemons._migrate(home, server, {})  # noqa: SLF001 - the whole start takes 20 s
        counts.append(len(made.read_text().splitlines()))

    assert counts == [1, 1, 2]


def _drop(server: Postgres) -> None:
    server.run_sql(f'drop database if exists "{daemons.METADATA}" with (force)')
