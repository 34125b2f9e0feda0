"""A backup from before an erasure, restored: the pilot with a frozen release.

What it takes to know a family again is tested on a small form, beside `erase_again`.
"""

import json
from pathlib import Path

import psycopg
import pytest

from sandbox.kobo import KoboServer
from sandbox.pilot.model import Pilot
from sandbox.postgres import Postgres
from tests import search
from tests.warehouse.conftest import SECOND_PULL, Warehouse, land_everything
from tests.warehouse.erasure.conftest import (
    CALLED,
    CODE,
    erase,
    freeze_release,
    in_environment,
)
from warehouse import releases
from warehouse.backups import back_up, restore

LOST, BACK = "pilot_lost", "pilot_back"

pytestmark = pytest.mark.long


def test_a_restored_pilot_has_the_family_nowhere_and_its_release_verifies(
    built_pilot: Warehouse,  # noqa: ARG001 - built, to be copied
    postgres_server: Postgres,
    pilot: Pilot,
    pilot_files: Path,
    tmp_path: Path,
) -> None:
    postgres_server.run_sql(f"create database {LOST} template pilot")
    url, back = postgres_server.url(LOST), postgres_server.url(BACK)
    backups = tmp_path / "backups"
    try:
        freeze_release(url)
        file = back_up(SECOND_PULL, folder=backups, url=url).file
        with psycopg.connect(url) as connection:
            rows = connection.execute(CALLED.encode(), {"code": CODE}).fetchall()
        names = [name for row in rows for name in row if name]
        settings = {"JOURNAL_FILES_ROOT": str(pilot_files), "WAREHOUSE_URL": back}
        with (
            KoboServer(pilot.forms, clock=SECOND_PULL) as server,
            in_environment({**settings, "AIRFLOW_CONN_KOBO_MAIN": address(server)}),
        ):
            published = {"WAREHOUSE_BACKUPS": str(backups)}
            erase(url, tmp_path, dry_run=False, published=published)
            restored = restore(file, SECOND_PULL, url=url, database=BACK)

            assert restored.again.erased == 1
            assert search.in_database(back, names) == set()
            assert releases.verify("2021-07", back) == 4
            assert releases.erased_since("2021-07", back) == 1
            land_everything(full=True)
            assert search.in_database(back, names) == set()
    finally:
        for name in (LOST, BACK):
            postgres_server.run_sql(f"drop database if exists {name} with (force)")


def address(server: KoboServer) -> str:
    connection = {"conn_type": "http", "host": server.url, "password": server.token}
    return json.dumps(connection)
