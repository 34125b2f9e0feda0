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
EXPECTED = {
    "ingestion.errors.SourceUnavailableError": "retry",
    "ingestion.errors.FormBusyError": "retry",
    "ingestion.errors.SourceIncompleteError": "retry",
    "ingestion.landing.reconciliation.ReconciliationError": "retry",
    "warehouse.errors.WarehouseUnavailableError": "retry",
    "sqlalchemy.exc.OperationalError": "retry",
    "ingestion.errors.SourceRejectedError": "fail",
    "ingestion.errors.DeletionGuardError": "fail",
    "ingestion.errors.RegistryError": "fail",
    "ingestion.errors.ConnectionMissingError": "fail",
    "warehouse.errors.WarehouseSettingError": "fail",
    "builtins.ValueError": "fail",
}


@pytest.fixture(scope="module")
def decisions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", DECIDE, json.dumps(list(EXPECTED))],
        env={
            **os.environ,
            "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
            "PYTHONPATH": str(REPOSITORY),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    line = next(line for line in lines if line.startswith("DECISIONS "))
    read: dict[str, str] = json.loads(line.removeprefix("DECISIONS "))
    return read


@pytest.mark.parametrize(("error", "decision"), EXPECTED.items(), ids=EXPECTED)
def test_only_what_mends_itself_is_tried_again(
    error: str, decision: str, decisions: dict[str, str]
) -> None:
    assert decisions[error] == decision
