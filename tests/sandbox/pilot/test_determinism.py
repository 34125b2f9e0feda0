import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.pilot import Pilot

REPOSITORY = Path(__file__).parents[3]
PRINT_DIGEST = """
import hashlib
from sandbox.pilot import build_pilot
print(hashlib.sha256(repr(build_pilot()).encode()).hexdigest())
"""


def test_another_process_builds_the_same_pilot_to_the_last_character(
    pilot: Pilot,
) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", PRINT_DIGEST],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONHASHSEED": "1", "TZ": "Asia/Manila"},
        capture_output=True,
        text=True,
        check=True,
    )
    here = hashlib.sha256(repr(pilot).encode()).hexdigest()
    assert finished.stdout.strip() == here


def test_files_are_written_with_the_headers_others_read(
    pilot: Pilot, tmp_path: Path
) -> None:
    pilot.write_files(tmp_path)
    payments = (tmp_path / "finance" / "journal_payments.csv").read_text(
        encoding="utf-8"
    )
    assert payments.splitlines()[0] == (
        "payment_ref,family_code,journal_month,amount_local,currency_code,"
        "method_code,due_date,paid_date,status_code"
    )
    corrections = (tmp_path / "finance" / "corrections.csv").read_text(encoding="utf-8")
    assert corrections.splitlines()[0] == (
        "correction_ref,form_role_code,root_id,field_name,old_value,new_value,"
        "reason_code,requested_by_code,approved_by_code,approved_at,status_code"
    )
    assert (tmp_path / "truth" / "family_months.csv").is_file()
    assert (tmp_path / "truth" / "expected_answers.json").is_file()


def test_asking_for_no_folder_says_how_to_ask() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "sandbox.pilot"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 2
    assert "python -m sandbox.pilot FOLDER" in finished.stderr


@pytest.mark.parametrize("role", ["enrolment", "journal", "peer_meeting"])
def test_a_form_is_found_by_its_role(pilot: Pilot, role: str) -> None:
    assert pilot.form(role).role == role
