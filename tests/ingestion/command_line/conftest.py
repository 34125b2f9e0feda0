"""The small journal on a stand-in server, and a registry that the commands read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.kobo import KoboServer
from tests.ingestion.command_line.commands import SetConnection
from tests.ingestion.conftest import settings, write_registry
from tests.ingestion.small_forms import Life, day, forty

CORRECTIONS = "correction_ref,new_value\nC-1,5\n"


@pytest.fixture
def server() -> Iterator[KoboServer]:
    with KoboServer([forty(Life()).form()], clock=day(15)) as server:
        yield server


@pytest.fixture
def registry(
    server: KoboServer,
    tmp_path: Path,
    warehouse_with_tables: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    path = write_registry(tmp_path)
    (tmp_path / "finance").mkdir()
    (tmp_path / "finance" / "corrections.csv").write_text(CORRECTIONS)
    for name, value in settings(server, path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("WAREHOUSE_URL", warehouse_with_tables)
    return path


@pytest.fixture
def connect_with(server: KoboServer, monkeypatch: pytest.MonkeyPatch) -> SetConnection:
    """Return a function that changes host or token of the server's connection."""

    def change(host: str | None = None, token: str | None = None) -> None:
        value = {"host": host or server.url, "password": token or server.token}
        monkeypatch.setenv("AIRFLOW_CONN_KOBO_TEST", json.dumps(value))

    return change
