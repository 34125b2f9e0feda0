"""What a landing logs: the ids of the run, and nothing that a family said."""

import json
import os
import subprocess
import sys

import pytest

from tests.ingestion.small_forms import UID


@pytest.mark.usefixtures("registry")
def test_a_landing_logs_its_form_and_run_and_no_answer() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ingestion", "land", "--form", "journal", "--json"],
        env={**os.environ, "WAREHOUSE_LOG_FORMAT": "json"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    logged = [json.loads(line) for line in done.stderr.splitlines()]
    (landed,) = [line for line in logged if line["event"].startswith("40 submissions")]
    assert landed["form"] == "journal"
    assert landed["form_id"] == UID
    assert landed["landing_run_id"] == report["run_id"]
    for told in ("MX-01-0", "555 000", "00000000-0000-4000"):
        assert told not in done.stderr
