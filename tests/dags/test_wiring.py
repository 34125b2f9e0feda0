import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest

REPOSITORY = Path(__file__).parents[2]
DECIDE = """
import importlib, json, sys
from dags.wiring import RETRY_WHAT_MENDS_ITSELF as policy

decisions = {}
for path in json.loads(sys.argv[1]):
    module, _, name = path.rpartition(".")
    kind = getattr(importlib.import_module(module), name)
    error = kind.__new__(kind)
    decisions[path] = policy.evaluate(error, 1, 3).action.value
print("DECISIONS " + json.dumps(decisions))
"""
FAIL = """
import logging
from types import SimpleNamespace
from dags.wiring import tell_failure

logging.getLogger("dags.wiring").addHandler(logging.FileHandler("said.log"))
task = SimpleNamespace(dag_id="ingest_forms", task_id="land_submissions")
tell_failure({"task_instance": task, "exception": ValueError("No token.")})
"""
TAKE_ADDRESSES = """
import os
from dags.wiring import as_role

said = []
for role in ("transformer", "loader"):
    as_role(role)["pre_execute"]({})
    said.append(os.environ["WAREHOUSE_URL"].split("/")[2])
print("ADDRESSES", *said)
"""
EXPECTED = {
    "alerts.errors.DeliveryError": "retry",
    "ingestion.errors.SourceUnavailableError": "retry",
    "ingestion.errors.FormBusyError": "retry",
    "ingestion.errors.ServerBusyError": "retry",
    "ingestion.errors.SourceIncompleteError": "retry",
    "ingestion.landing.bookkeeping.reconciliation.ReconciliationError": "retry",
    "dashboards.errors.MetabaseUnavailableError": "retry",
    "dashboards.errors.MetabaseChangedError": "fail",
    "dashboards.errors.MetabaseRejectedError": "fail",
    "warehouse.errors.WarehouseUnavailableError": "retry",
    "sqlalchemy.exc.OperationalError": "retry",
    "ingestion.errors.SourceRejectedError": "fail",
    "ingestion.errors.DeletionGuardError": "fail",
    "ingestion.errors.AttachmentStoreError": "fail",
    "ingestion.errors.MediaNotReadyError": "fail",
    "ingestion.errors.RegistryError": "fail",
    "ingestion.errors.ConnectionMissingError": "fail",
    "warehouse.errors.PricesUnavailableError": "retry",
    "warehouse.errors.PricesMovedError": "fail",
    "warehouse.errors.BackupError": "fail",
    "warehouse.errors.WarehouseSettingError": "fail",
    "builtins.ValueError": "fail",
}


TELL = """
import asyncio
from types import SimpleNamespace
from dags.wiring import tell_deadline, tell_failure, tell_success

def context(task_id, label=None, downstream=(), error=None):
    task = SimpleNamespace(
        dag_id="ingest_forms", task_id=task_id, rendered_map_index=label
    )
    return {
        "task_instance": task,
        "task": SimpleNamespace(downstream_task_ids=set(downstream)),
        "exception": error,
    }

tell_failure(context("land_sites", error=ValueError("MX-0042")))
tell_failure(context("list_forms", error=ValueError("MX-0042")))
for dag_id, state in [("ingest_forms", "running"), ("transform_warehouse", "failed")]:
    asyncio.run(tell_deadline(dag_id, 4, {"dag_run": {"state": state}}))
tell_success(context("land_sites", downstream=["list_forms"]))
"""
AGREE = """
import json, sys
from types import SimpleNamespace
from unittest.mock import MagicMock
from airflow.dag_processing.dagbag import DagBag

dags = DagBag(dag_folder=sys.argv[1]).dags
answer = {"responded_by_user": {"id": "1", "name": "ana"}}
run = SimpleNamespace(triggering_user_name="ben")
calls = {
    "land_form": ("approve_deletions", "land_approved", {"form": "journal"}),
    "release": (
        "freeze_release", "freeze_tables", {"code": "2021-07", "as_of": "2021-09-30"}
    ),
    "erase_requested": (
        "erase_family", "erase_rows", {"params": {"request_id": 7}, "dag_run": run}
    ),
}
agreed = {}
for name, (dag_id, task_id, given) in calls.items():
    work = dags[dag_id].get_task(task_id).python_callable
    work.__globals__[name] = called = MagicMock()
    work(**given, answer=answer)
    agreed[name] = dict(called.call_args.kwargs)
agreed["erase_requested"]["by"] = called.call_args.args[1]
print("AGREED " + json.dumps(agreed))
"""
TELL_END = """
import sys
exec(sys.argv[1])
tell_success(context("announce_raw"))
"""


def run(
    code: str, folder: Path, *arguments: str, settings: Mapping[str, str] | None = None
) -> str:
    """Run Python code in a process that has Airflow; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env={
            **os.environ,
            "AIRFLOW_HOME": str(folder),
            "PYTHONPATH": str(REPOSITORY),
            **(settings or {}),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def decisions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    said = run(DECIDE, tmp_path_factory.mktemp("airflow"), json.dumps(list(EXPECTED)))
    line = next(line for line in said.splitlines() if line.startswith("DECISIONS "))
    read: dict[str, str] = json.loads(line.removeprefix("DECISIONS "))
    return read


@pytest.mark.parametrize(("error", "decision"), EXPECTED.items(), ids=EXPECTED)
def test_only_what_mends_itself_is_tried_again(
    error: str, decision: str, decisions: dict[str, str]
) -> None:
    assert decisions[error] == decision


def test_a_failed_task_says_in_one_sentence_what_to_do(tmp_path: Path) -> None:
    run(FAIL, tmp_path, settings={"WAREHOUSE_URL": ""})

    first, second = (tmp_path / "said.log").read_text().splitlines()
    assert first == (
        "land_submissions of ingest_forms failed: No token. "
        "What to do: warehouse_docs/runbooks/ingest_forms.md"
    )
    # That nobody could be told fails nothing: the task has failed already.
    assert second.startswith("The alert was not told: The environment variable")


def open_causes(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "select cause_id from ops.alerts where closed_at is null order by cause_id"
        )
        return [cause for (cause,) in rows]


def test_callbacks_open_alerts_of_tasks_and_runs_that_go_on_late_and_close_them(
    tmp_path: Path, empty_warehouse: str
) -> None:
    settings = {"WAREHOUSE_URL": empty_warehouse}
    run(TELL, tmp_path, settings=settings)
    assert open_causes(empty_warehouse) == [
        "deadline_missed/ingest_forms",
        "task_failed/ingest_forms.list_forms",
    ]

    run(
        TELL_END, tmp_path, TELL.partition("tell_failure(context")[0], settings=settings
    )
    assert open_causes(empty_warehouse) == ["task_failed/ingest_forms.list_forms"]


def test_a_task_reaches_the_warehouse_as_its_role_where_that_has_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", "postgresql://all@host/warehouse")
    monkeypatch.setenv("WAREHOUSE_URL_LOADER", "postgresql://loader@host/warehouse")

    said = run(TAKE_ADDRESSES, tmp_path)

    assert "ADDRESSES all@host loader@host" in said


def test_who_pressed_approve_is_who_agreed(tmp_path: Path) -> None:
    said = run(AGREE, tmp_path, str(REPOSITORY / "dags"))
    line = next(line for line in said.splitlines() if line.startswith("AGREED "))

    assert json.loads(line.removeprefix("AGREED ")) == {
        "land_form": {"approve_deletions": True, "approved_by": "ana"},
        "release": {"frozen_by": "ana"},
        "erase_requested": {"triggered_by": "ben", "by": "ana"},
    }
