import json
import os
import subprocess
import sys
from pathlib import Path

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
from dags.wiring import point_to_runbook

logging.getLogger("dags.wiring").addHandler(logging.FileHandler("said.log"))
task = SimpleNamespace(dag_id="ingest_forms", task_id="land_submissions")
point_to_runbook({"task_instance": task, "exception": ValueError("No token.")})
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
    "ingestion.errors.RegistryError": "fail",
    "ingestion.errors.ConnectionMissingError": "fail",
    "warehouse.errors.WarehouseSettingError": "fail",
    "builtins.ValueError": "fail",
}


def run(code: str, folder: Path, *arguments: str) -> str:
    """Run Python code in a process that has Airflow; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env={
            **os.environ,
            "AIRFLOW_HOME": str(folder),
            "PYTHONPATH": str(REPOSITORY),
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
    run(FAIL, tmp_path)

    assert (tmp_path / "said.log").read_text() == (
        "land_submissions of ingest_forms failed: No token. "
        "What to do: warehouse_docs/runbooks/ingest_forms.md\n"
    )


def test_a_task_reaches_the_warehouse_as_its_role_where_that_has_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", "postgresql://all@host/warehouse")
    monkeypatch.setenv("WAREHOUSE_URL_LOADER", "postgresql://loader@host/warehouse")

    said = run(TAKE_ADDRESSES, tmp_path)

    assert "ADDRESSES all@host loader@host" in said
