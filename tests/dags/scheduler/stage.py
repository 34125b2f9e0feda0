"""A small programme with a real Airflow, in which things may go wrong on purpose.

Fourteen families of one site and three of their forms: a build takes half a minute of
one processor, and everything else is what production runs.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import yaml
from psycopg import sql
from psycopg.rows import dict_row

from sandbox import airflow, postgres
from sandbox.airflow.api import AirflowApi, DagRun, TaskInstance
from sandbox.airflow.daemons import METADATA
from sandbox.errors import SandboxError
from sandbox.feeds.registry import PILOT
from sandbox.kobo import KoboServer
from sandbox.machine.home import REPOSITORY, Home
from sandbox.machine.processes import environment
from sandbox.postgres import Postgres
from sandbox.postgres.database import WAREHOUSE
from tests.alerts.receivers import WebServer

SITE, COHORT = "US-01", "US-2021"
FORMS = ("enrolment", "journal", "peer_meeting")
INGEST, TRANSFORM, CHECK = "ingest_forms", "transform_warehouse", "check_quality"
RAW = ("forms__enrolments", "forms__journals", "forms__peer_meetings")
VERSION = "form_id, submission_id, version_number, change_code, content_hash"
DAGS = (INGEST, TRANSFORM, CHECK)
FIRST_PULL = datetime(2021, 8, 31, tzinfo=UTC)
SECOND_PULL = datetime(2022, 5, 31, tzinfo=UTC)
AFTER_FIRST = "after_first_pull"  # a copy of the warehouse
LONGEST_WAIT = 900
LOOK_SECONDS = 0.5
# What takes five minutes in production. Not less: on a machine with too much to do a
# process that is slow would be taken for one that is dead.
HASTY = {
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "10",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
}
DUE_NOW = "update task_instance set retry_delay_override = 0 where state = %s"
Found = TypeVar("Found")
Rows = list[dict[str, Any]]
Contents = dict[str, tuple[int, str | None]]


@dataclass(frozen=True, slots=True)
class CleanEnd:
    """What the second pull comes to when nothing disturbs it.

    Attributes:
        raw_rows: As `Stage.raw_rows` gives them.
        marts: As `Stage.marts` does.
        seconds: How long the landing and the build took.
    """

    raw_rows: Rows
    marts: Contents
    seconds: float


@dataclass
class Stage:
    """The programme, its servers and its Airflow.

    Attributes:
        home: Where Airflow and Postgres keep their files.
        kobo: Serves the three forms.
        web: Takes what is told of alerts.
        dag_ids: The DAGs that are switched on.
        server: Its Postgres.
        scheduler: Its Airflow.
    """

    home: Home
    kobo: KoboServer
    web: WebServer
    dag_ids: tuple[str, ...] = DAGS
    server: Postgres = field(init=False)
    scheduler: airflow.Airflow = field(init=False)

    @property
    def registry(self) -> Path:
        return self.home.root / "sites.yml"

    @property
    def dags(self) -> Path:
        """Copies of the DAG files, which a test may change."""
        return self.home.root / "dags"

    @property
    def warehouse_url(self) -> str:
        return self.server.url(WAREHOUSE)

    def set_up(self) -> None:
        """Write the registry and start everything on an empty warehouse."""
        self.home.root.mkdir(parents=True)
        self.write_registry()
        self.copy_dags()
        self.server = postgres.start(self.home.postgres)
        self.server.ensure_database(WAREHOUSE)
        self.start()

    def write_registry(self) -> None:
        self.registry.write_text(_registry())

    def copy_dags(self) -> None:
        shutil.copytree(REPOSITORY / "dags", self.dags, dirs_exist_ok=True)

    def start(self) -> None:
        """Start what does not run, and wait until Airflow has read the DAGs."""
        self.server = postgres.start(self.home.postgres)
        self.scheduler = airflow.start(self.home, self.server, self.settings())
        since = airflow.started_at(self.home)
        with self.api() as api:
            wait_until("Airflow reads its DAGs", lambda: _has_read(api, since))
            for dag_id in self.dag_ids:
                api.unpause(dag_id)

    def stop(self) -> None:
        airflow.stop(self.home)
        postgres.stop(self.home.postgres)

    def settings(self) -> dict[str, str]:
        kobo = {"host": self.kobo.url, "password": self.kobo.token}
        team = {"host": self.web.url, "password": "token of the receiver"}
        return {
            "WAREHOUSE_URL": self.warehouse_url,
            "JOURNAL_SITES": str(self.registry),
            "AIRFLOW_CONN_KOBO_MAIN": json.dumps({"conn_type": "http", **kobo}),
            "AIRFLOW_CONN_TEAM": json.dumps({"conn_type": "http", **team}),
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.dags),
            **HASTY,
        }

    @contextmanager
    def api(self) -> Iterator[AirflowApi]:
        with self.scheduler.api() as api:
            yield api

    def command(self, *arguments: str) -> str:
        """Run `airflow` as a person would beside the services; return what it said."""
        settings = airflow.process_settings(self.home, self.server, self.settings())
        done = subprocess.run(
            [sys.executable, "-m", "airflow", *arguments],
            cwd=REPOSITORY,
            env=environment(settings),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows(self, query: str, database: str = WAREHOUSE) -> Rows:
        url = self.server.url(database)
        with psycopg.connect(url, row_factory=dict_row) as connection:
            return connection.execute(query.encode()).fetchall()

    def keep_copy(self, name: str) -> None:
        """Keep the warehouse as it is now under another name."""
        self.be_at_rest()
        self.server.run_sql(f'create database "{name}" template "{WAREHOUSE}"')

    def as_after_first_pull(self) -> None:
        """Bring everything back to where it was when the first pull had ended."""
        self.kobo.set_faults()
        self.kobo.set_clock(FIRST_PULL)
        self.write_registry()
        self.copy_dags()
        self.web.taken.clear()
        self.be_at_rest()
        self.server.run_sql(f'drop database "{WAREHOUSE}" with (force)')
        self.server.run_sql(f'create database "{WAREHOUSE}" template "{AFTER_FIRST}"')
        # A sequence that was copied is on disk only from the next checkpoint on: killed
        # before that, Postgres would give out numbers that it gave before.
        self.server.run_sql("checkpoint")

    def empty_warehouse(self) -> None:
        """Forget everything that was landed and built."""
        self.be_at_rest()
        self.server.run_sql(f'drop database "{WAREHOUSE}" with (force)')
        self.server.ensure_database(WAREHOUSE)

    def kobo_is_asked_for(self, what: str) -> bool:
        """Return whether a request since the last clearing has this in its path."""
        return any(what in request["path"] for request in self.kobo.requests)

    def told_of(self, words: str) -> int:
        """Return how many messages of something wrong have these words in them."""
        bodies = [body for _, _, body in self.web.taken]
        return sum(words in json.dumps(body.get("opened")) for body in bodies)

    def be_at_rest(self) -> None:
        """Wait until nothing runs any more, nor waits to be run."""
        wait_until("nothing runs any more", self.is_at_rest)

    def is_at_rest(self) -> bool:
        """Return whether no run is queued or running; see to it that none waits."""
        self._hasten_tries()
        unfinished = "select from dag_run where state in ('queued', 'running')"
        return not self.rows(unfinished, METADATA)

    def is_running(self, task_id: str) -> bool:
        """Return whether a task of this name is at work."""
        running = "select task_id from task_instance where state = 'running'"
        return task_id in {row["task_id"] for row in self.rows(running, METADATA)}

    def trigger(self, dag_id: str = INGEST) -> DagRun:
        with self.api() as api:
            return api.trigger(dag_id)

    def ended(self, run: DagRun) -> DagRun:
        """Wait until the run has ended; what waits for another try is tried at once."""

        def end() -> DagRun | None:
            self._hasten_tries()
            with self.api() as api:
                now = api.run(run)
            return now if now.state in {"success", "failed"} else None

        return wait_until(f"{run.dag_id} ends", end)

    def caused(self, run: DagRun, dag_id: str) -> DagRun:
        """Wait until `run` has set off a run of another DAG, and that has ended."""

        def begun() -> DagRun | None:
            with self.api() as api:
                runs = api.runs_caused_by(run)
            return next((one for one in runs if one.dag_id == dag_id), None)

        return self.ended(wait_until(f"{run.dag_id} sets off {dag_id}", begun))

    def pull(self) -> tuple[DagRun, DagRun]:
        """Land and build; return both runs as they ended."""
        landed = self.ended(self.trigger())
        return landed, self.caused(landed, TRANSFORM)

    def tasks(self, run: DagRun) -> dict[str, TaskInstance]:
        with self.api() as api:
            return {task.label: task for task in api.tasks(run)}

    def errors(self, run: DagRun) -> dict[str, str]:
        """Return the sentence with which each task of the run has failed."""
        with self.api() as api:
            failed = [task for task in api.tasks(run) if task.state == "failed"]
            return {task.label: api.error(run, task) for task in failed}

    def times(self, dag_id: str) -> Rows:
        """Return when the runs of a DAG began and ended, in their order."""
        runs = self.rows(
            "select dag_id, run_id, run_type, state, run_after, start_date, end_date"
            " from dag_run order by start_date",
            METADATA,
        )
        return [run for run in runs if run["dag_id"] == dag_id]

    def _hasten_tries(self) -> None:
        # As much as to wait the two minutes: Airflow's own clock is moved, not ours.
        with psycopg.connect(self.server.url(METADATA)) as connection:
            connection.execute(DUE_NOW, ["up_for_retry"])

    def marts(self) -> Contents:
        """Return the number of rows and a hash of them, of each table people read."""
        found = {}
        with psycopg.connect(self.warehouse_url) as connection:
            tables = connection.execute(
                "select schemaname, tablename from pg_tables"
                " where schemaname in ('marts', 'share') order by 1, 2"
            ).fetchall()
            for schema, table in tables:
                query = sql.SQL(
                    "select count(*), md5(string_agg(row::text, '' order by row::text))"
                    " from {} as row"
                )
                row = connection.execute(
                    query.format(sql.Identifier(schema, table))
                ).fetchone()
                assert row
                found[f"{schema}.{table}"] = (row[0], row[1])
        return found

    def raw_rows(self) -> Rows:
        """Return every version of every submission, without when it landed."""
        each = " union all ".join(f"select {VERSION} from raw.{name}" for name in RAW)  # noqa: S608 - our own names
        return self.rows(f"{each} order by form_id, submission_id, version_number")


@contextmanager
def own_home() -> Iterator[Home]:
    """Make a home for Airflow and Postgres, gone afterwards.

    Not in a folder of pytest: other tests that begin on this machine would close that
    to the account of Postgres.
    """
    with tempfile.TemporaryDirectory(
        prefix="warehouse-tests-", ignore_cleanup_errors=True
    ) as folder:
        yield Home(Path(folder) / "home")


def clean_second_pull(stage: Stage) -> CleanEnd:
    """Land and build what was known at the second pull, undisturbed."""
    stage.kobo.set_clock(SECOND_PULL)
    begun = time.monotonic()
    landed, built = stage.pull()
    seconds = time.monotonic() - begun
    assert (landed.state, built.state) == ("success", "success")
    return CleanEnd(stage.raw_rows(), stage.marts(), seconds)


def wait_until(what: str, found: Callable[[], Found | None]) -> Found:
    """Look again and again until there is something; return it."""
    deadline = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < deadline:
        # Airflow's server may be too busy to answer, or on its way up.
        with suppress(SandboxError):
            if result := found():
                return result
        time.sleep(LOOK_SECONDS)
    raise AssertionError(f"Not within {LONGEST_WAIT} s: {what}")


def _has_read(api: AirflowApi, since: datetime) -> bool:
    if not api.is_up():
        return False
    assert api.import_errors() == []
    times = [api.parsed_at(dag_id) for dag_id in DAGS]
    return all(moment and moment > since for moment in times)


def _registry() -> str:
    """Return the product's registry, less all sites but one and all other forms."""
    whole = yaml.safe_load(PILOT.read_text())
    forms = [one | {"sites": [SITE]} for one in whole["forms"] if one["role"] in FORMS]
    small = {
        **whole,
        "sites": {SITE: whole["sites"][SITE]},
        "cohorts": {COHORT: whole["cohorts"][COHORT]},
        "forms": forms,
        "access": {},
        "alerts": {"receivers": {"team": {"webhook": "team"}}},
    }
    return yaml.safe_dump(small, allow_unicode=True, sort_keys=False)
