"""Celery spreads the forms over two workers, and one of them is killed.

About three minutes. Needs a Redis: `apt-get install redis-server` has one.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import airflow
from sandbox.airflow.api import DagRun
from sandbox.airflow.daemons import METADATA
from sandbox.airflow.workers import start_worker, worker
from sandbox.kobo import KoboServer
from sandbox.machine.ports import HOST, choose_port
from sandbox.machine.processes import kill, stop_all, with_children
from sandbox.pilot.model import Form
from tests.alerts.receivers import WebServer, serving
from tests.dags.scheduler.stage import (
    FIRST_PULL,
    FORMS,
    INGEST,
    Stage,
    own_home,
    wait_until,
)

pytestmark = pytest.mark.long

WORKERS = ("first", "second")
READY = " ready."  # what Celery says last when it starts
SLOW_JOURNAL = {"kind": "slow", "path": "aJournalPilot2020Kobo1", "seconds": 20}
TASKS = """
select rendered_map_index as form, state, external_executor_id as celery_id
from task_instance
where task_id = 'land_submissions' and run_id = '{run_id}'
"""


class CeleryStage(Stage):
    """The same programme, its tasks handed to workers by a Redis."""

    redis_port = 0

    def settings(self) -> dict[str, str]:
        return {
            **super().settings(),
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CELERY__BROKER_URL": f"redis://{HOST}:{self.redis_port}/0",
            "AIRFLOW__CELERY__RESULT_BACKEND": "db+"
            + self.server.url(METADATA, "psycopg2"),
        }

    def start_workers(self) -> None:
        """Start those that do not run, each with one task at once."""
        settings = airflow.process_settings(self.home, self.server, self.settings())
        for name in WORKERS:
            if worker(self.home, name).find() is None:
                worker(self.home, name).log.unlink(missing_ok=True)
                start_worker(self.home, name, settings, tasks_at_once=1)
        wait_until("both workers are ready", lambda: all(map(self._is_ready, WORKERS)))

    def _is_ready(self, name: str) -> bool:
        one = worker(self.home, name)
        assert one.find(), one.last_line()
        return READY in one.log.read_text()

    def workers_of(self, run: DagRun) -> dict[str, str]:
        """Return which worker took each form, as far as one did."""
        logs = {name: worker(self.home, name).log.read_text() for name in WORKERS}
        return {
            row["form"]: name
            for row in self.rows(TASKS.format(run_id=run.run_id), METADATA)
            for name, log in logs.items()
            if row["celery_id"] and row["celery_id"] in log
        }

    def stop(self) -> None:
        stop_all([worker(self.home, name) for name in WORKERS])
        super().stop()


@pytest.fixture
def redis_port(tmp_path: Path) -> Iterator[int]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server is installed (Debian: apt-get install it)")
    port = choose_port(None, tmp_path / "redis.port", "REDIS_PORT")
    command = [program, "--port", str(port), "--bind", HOST, "--save", ""]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    ) as redis:
        yield port
        redis.terminate()


@pytest.fixture
def stage(
    redis_port: int, forms_of_one_site: tuple[Form, ...]
) -> Iterator[CeleryStage]:
    with (
        own_home() as home,
        KoboServer(forms_of_one_site, clock=FIRST_PULL) as kobo,
        serving(WebServer()) as web,
    ):
        stage = CeleryStage(home, kobo, web, dag_ids=(INGEST,))
        stage.redis_port = redis_port
        try:
            stage.set_up()
            stage.start_workers()
            yield stage
        finally:
            stage.stop()


def test_a_run_is_spread_over_two_workers_and_ends_though_one_is_killed(
    stage: CeleryStage,
) -> None:
    undisturbed = stage.ended(stage.trigger())
    workers, raw_rows = stage.workers_of(undisturbed), stage.raw_rows()
    assert undisturbed.state == "success"
    assert workers.keys() == set(FORMS)
    assert set(workers.values()) == set(WORKERS)

    stage.empty_warehouse()
    stage.kobo.clear_requests()
    stage.kobo.set_faults(SLOW_JOURNAL)
    run = stage.trigger()
    wait_until("the journal is read", lambda: stage.kobo_is_asked_for("aJournalPilot"))
    busy = worker(stage.home, stage.workers_of(run)["journal"]).find()
    assert busy
    kill(with_children(busy))

    landed = stage.ended(run)

    tasks = stage.tasks(landed)
    assert landed.state == "success"
    assert tasks["land_submissions of journal"].try_number > 1
    assert stage.raw_rows() == raw_rows
