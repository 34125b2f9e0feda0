import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from sandbox.odk.access.accounts import standard_accounts
from sandbox.pilot.forms.assets import JOURNAL_UID

SEED = "what passwords of tests are made of"


@pytest.fixture
def command() -> Iterator[subprocess.Popen[str]]:
    """Run the stand-in in a process of its own."""
    arguments = [sys.executable, "-m", "sandbox.odk", "--clock", "2020-12-31T00:00:00"]
    arguments += ["--site", "PH-01", "--site", "PH-02"]
    process = subprocess.Popen(
        arguments,
        env={**os.environ, "SANDBOX_ODK_SECRET": SEED},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_the_command_serves_sites_of_the_pilot_and_prints_where_but_no_password(
    command: subprocess.Popen[str],
) -> None:
    assert command.stdout
    url = command.stdout.readline().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
    viewer = next(one for one in standard_accounts(SEED) if one.role == "viewer")
    body = {"email": viewer.email, "password": viewer.password}

    token = httpx.post(f"{url}/v1/sessions", json=body).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    forms = httpx.get(f"{url}/v1/projects/1/forms", headers=headers).json()
    journals = f"{url}/v1/projects/1/forms/{JOURNAL_UID}.svc/Submissions"
    rows = httpx.get(journals, headers=headers).json()["value"]
    command.send_signal(signal.SIGTERM)
    rest = command.communicate(timeout=10)[0]

    assert len(forms) == 5
    assert {row["country"] for row in rows} == {"ph"}
    assert command.returncode == 0
    assert viewer.password not in rest
    assert SEED not in rest
