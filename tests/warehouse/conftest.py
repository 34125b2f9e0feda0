"""The pilot, landed twice over HTTP and built by dbt: once per test session."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ingestion import landing
from sandbox.kobo import KoboServer
from sandbox.pilot import build_pilot
from sandbox.pilot.model import Pilot
from sandbox.postgres import Postgres
from tests.warehouse.rebuild import Rebuilder
from warehouse import dbt

FIRST_PULL = datetime(2021, 8, 31, tzinfo=UTC)
SECOND_PULL = datetime(2022, 5, 31, tzinfo=UTC)
# They compare what is live with releases that are frozen, and here none is; nor has
# anybody read a family's own words.
EMPTY_UNTIL_A_FREEZE = {
    "marts.fct_metric_changes",
    "marts.fct_submission_changes",
    "marts.fct_reviewed_texts",
}


COPY = "pilot_copy"


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A warehouse full of the pilot.

    Attributes:
        url: Its URL.
        target: dbt's target folder, with the manifest.
    """

    url: str
    target: Path

    @property
    def built_manifest(self) -> Path:
        # dbt writes its own anew with every command, not always with the SQL in it.
        return self.target / "manifest_of_the_build.json"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query.encode()).fetchall()

    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.built_manifest.read_text())
        return found

    def rebuilder(self) -> Rebuilder:
        return Rebuilder(self.built_manifest, self.url)


@pytest.fixture(scope="session")
def pilot() -> Pilot:
    return build_pilot()


@pytest.fixture(scope="session")
def pilot_files(pilot: Pilot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the files of the finance office; the value is their folder."""
    files = tmp_path_factory.mktemp("files")
    pilot.write_files(files)
    return files


@pytest.fixture(scope="session")
def landed_pilot(postgres_server: Postgres, pilot: Pilot, pilot_files: Path) -> str:
    """Land the pilot before and after its edits; the value is the warehouse's URL."""
    postgres_server.ensure_database("pilot")
    url = postgres_server.url("pilot")
    with (
        pytest.MonkeyPatch.context() as patch,
        KoboServer(pilot.forms, clock=FIRST_PULL) as server,
    ):
        connection = {"conn_type": "http", "host": server.url, "password": server.token}
        patch.setenv("AIRFLOW_CONN_KOBO_MAIN", json.dumps(connection))
        patch.setenv("JOURNAL_FILES_ROOT", str(pilot_files))
        patch.setenv("WAREHOUSE_URL", url)
        land_everything()
        server.set_clock(SECOND_PULL)
        land_everything()
    return url


def land_everything(*, full: bool = False) -> None:
    landing.land_registry()
    for form in landing.all_forms():
        landing.land_form(form["name"], full=full)


@pytest.fixture(scope="session")
def built_pilot(
    landed_pilot: str, tmp_path_factory: pytest.TempPathFactory
) -> Warehouse:
    """Run the whole dbt build, tests included, on the landed pilot."""
    target = tmp_path_factory.mktemp("dbt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAREHOUSE_URL", landed_pilot)
        dbt.build(target_dir=target)
    built = Warehouse(landed_pilot, target)
    shutil.copy(target / "manifest.json", built.built_manifest)
    return built


@pytest.fixture(scope="session")
def copy_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make dbt's target folder for every copy of the built pilot."""
    return tmp_path_factory.mktemp("copies")


@contextmanager
def copy_of_pilot(server: Postgres, target: Path) -> Iterator[Warehouse]:
    """Copy the built pilot for as long as the block runs.

    Every copy is of the same name, so there is one at a time: in a database of another
    name dbt parses the whole project anew, which takes as long as to build it.
    """
    server.run_sql(f"create database {COPY} template pilot")
    try:
        yield Warehouse(server.url(COPY), target)
    finally:
        server.run_sql(f"drop database {COPY} with (force)")
