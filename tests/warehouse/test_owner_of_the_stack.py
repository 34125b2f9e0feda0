"""Who owns the warehouse of the composed services is no superuser, and that is enough.

The one-off job of `docker-compose.yml` makes the owner on a server of its own; then the
pilot is restored, read, frozen and erased from by it. About a minute.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import psycopg
import pytest
import yaml

from ingestion.erasing import erase_family
from ingestion.landing.attachments.store import AttachmentStore
from sandbox import postgres
from sandbox.postgres.binaries import BINARIES
from tests.warehouse.conftest import Warehouse
from tests.warehouse.erasure.conftest import CODE, FROZEN, REASON, RELEASE
from warehouse import audit, releases
from warehouse.access import applying
from warehouse.access.entries import Access
from warehouse.access.passwords import variable_of
from warehouse.access.registry import AccessRegistry
from warehouse.backups import back_up, restore
from warehouse.connection import open_engine
from warehouse.releases.freezing import freeze
from warehouse.releases.mart_queries import MartQuery
from warehouse.tables import create_all

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 26, tzinfo=UTC)
PASSWORD = "of-a-test-alone"  # noqa: S105 - of a server that lives as long as a test
READER = "lead_of_the_stack"
READERS = AccessRegistry({"MX-01": "MEX"}, {}, {READER: Access(sites=["MX-01"])})


@dataclass(frozen=True, slots=True)
class Stack:
    """The server as the composed services have it.

    Attributes:
        server: With its superuser, who made the owner and does nothing else.
        url: Of the warehouse, as its owner.
    """

    server: postgres.Postgres
    url: str

    def url_of(self, role: str) -> str:
        return self.url.replace("//warehouse:", f"//{role}:")


def run_job(server: postgres.Postgres, folder: Path) -> None:
    """Run what the job `databases` runs, as it runs it."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    job = compose["services"]["databases"]
    (config,) = job["configs"]
    script = folder / "databases.sql"
    script.write_text(compose["configs"][config["source"]]["content"])
    program, *options = [
        option.replace(config["target"], str(script)) for option in job["command"]
    ]
    given = {
        **dict.fromkeys(
            ("WAREHOUSE_PASSWORD", "AIRFLOW_PASSWORD", "METABASE_PASSWORD"), PASSWORD
        ),
        "PGHOST": "127.0.0.1",
        "PGPORT": str(server.port),
        "PGUSER": "postgres",
        "PGPASSWORD": server.password,
    }
    assert set(job["environment"]) <= set(given)
    done = subprocess.run(
        [BINARIES / program, *options],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def lose_all(server: postgres.Postgres, url: str) -> None:
    """Drop the database as the runbook does: the job `tables` has filled it by then."""
    engine = open_engine(url)
    create_all(engine)
    engine.dispose()
    server.run_sql("drop database warehouse with (force)")


@pytest.fixture(scope="module")
def backup(
    built_pilot: Warehouse,  # noqa: ARG001 - the database that is copied
    postgres_server: postgres.Postgres,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Back up the pilot with its roles, which the stack's server does not have."""
    postgres_server.run_sql("create database pilot_of_stack template pilot")
    url = postgres_server.url("pilot_of_stack")
    applying.apply(url, READERS)
    file = back_up(NOW, folder=tmp_path_factory.mktemp("backups"), url=url).file
    postgres_server.run_sql("drop database pilot_of_stack with (force)")
    return file


@pytest.fixture(scope="module")
def stack(backup: Path) -> Iterator[Stack]:
    with tempfile.TemporaryDirectory(
        prefix="warehouse-tests-", ignore_cleanup_errors=True
    ) as folder:
        server = postgres.start(Path(folder) / "postgres")
        try:
            for _ in range(2):  # it runs at every start of the services
                run_job(server, Path(folder))
            owner = f"//warehouse:{PASSWORD}@"
            url = server.url("warehouse").replace(
                f"//postgres:{server.password}@", owner
            )
            lose_all(server, url)
            run_job(server, Path(folder))
            restore(backup, url=url)
            yield Stack(server, url)
        finally:
            postgres.stop(Path(folder) / "postgres")


def test_it_makes_readers_and_reads_what_they_asked(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable_of(READER), PASSWORD)
    applying.apply(stack.url, READERS)
    with psycopg.connect(stack.url_of(READER)) as connection:
        sites = connection.execute(
            "select distinct site_code from share.site_months"
        ).fetchall()
        (now,) = connection.execute("select now()").fetchone() or (NOW,)

    found = audit.collect(now, url=stack.url)

    assert sites == [("MX-01",)]
    assert found.new_count >= 2
    with psycopg.connect(stack.url) as connection:
        relations = connection.execute(
            "select distinct unnest(relations) from ops.query_log where role_name = %s",
            [READER],
        ).fetchall()
    assert relations == [("share.site_months",)]


def test_after_access_was_applied_each_may_again_what_its_work_needs(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable_of("loader"), PASSWORD)
    monkeypatch.setenv(variable_of("transformer"), PASSWORD)
    applying.apply(stack.url, READERS)

    with psycopg.connect(stack.url_of("loader")) as loader:
        for statement in (
            "update raw.forms__journals set answers = answers",
            "delete from ops.rejected_records",
        ):
            loader.execute(statement.encode())
        loader.rollback()
    with psycopg.connect(stack.url_of("transformer")) as transformer:
        transformer.execute("create table marts.anything (a int)")
        transformer.execute("drop table marts.fct_family_months cascade")
        transformer.rollback()


def test_it_freezes_a_release_and_erases_a_family_from_it(
    stack: Stack, tmp_path: Path
) -> None:
    engine = open_engine(stack.url)
    queries = [MartQuery(name, query) for name, query in FROZEN.items()]
    with engine.begin() as connection:
        freeze(connection, RELEASE, queries, git_commit=None, project_version="test")

    done = erase_family(
        CODE,
        REASON,
        requested_by="office",
        approved_by="director",
        dry_run=False,
        engine=engine,
        store=AttachmentStore(fsspec.filesystem("file"), str(tmp_path)),
        environment={},
    )
    engine.dispose()

    assert done.is_done
    assert releases.verify(RELEASE.code, stack.url) == len(FROZEN)
    assert releases.erased_since(RELEASE.code, stack.url) == 1
    with psycopg.connect(stack.url) as connection:
        left = connection.execute(
            "select count(*) from pii.family_keys where family_code = %s", [CODE]
        ).fetchone()
    assert left == (0,)


def test_it_is_no_superuser_and_the_job_gives_it_nothing_else(stack: Stack) -> None:
    said = stack.server.run_sql(
        "select rolsuper, rolcreatedb, rolbypassrls, rolreplication from pg_roles"
        " where rolname = 'warehouse'"
    )
    held = stack.server.run_sql(
        "select roleid::regrole from pg_auth_members"
        " where member = 'warehouse'::regrole and roleid::regrole::text like 'pg\\_%'"
    )

    assert said.strip() == "f|f|f|f"
    assert held.split() == []


@pytest.mark.parametrize(
    "file", ["../global/1260", "global/1260", "../PG_VERSION", "no-such-file"]
)
def test_it_reads_no_file_of_the_server_but_its_log(stack: Stack, file: str) -> None:
    with psycopg.connect(stack.url, autocommit=True) as connection:
        found = connection.execute("select server_log.read(%s, 0, 100)", [file])
        assert found.fetchall() == [(None,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select pg_read_binary_file('PG_VERSION', 0, 10)")
