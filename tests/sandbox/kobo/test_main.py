import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from typer.testing import CliRunner

from sandbox.kobo.__main__ import app
from sandbox.pilot.forms.assets import JOURNAL_UID

TOKEN = "0123456789abcdef" * 2 + "01234567"


@pytest.fixture
def command() -> Iterator[subprocess.Popen[str]]:
    """Run the stand-in in a process of its own."""
    arguments = [sys.executable, "-m", "sandbox.kobo", "--clock", "2020-12-31T00:00:00"]
    arguments += ["--without-site", "PH-01", "--without-site", "PH-02"]
    process = subprocess.Popen(
        arguments,
        env={**os.environ, "SANDBOX_KOBO_TOKEN": TOKEN},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_the_command_serves_the_pilot_and_prints_where_but_not_the_token(
    command: subprocess.Popen[str],
) -> None:
    assert command.stdout
    url = command.stdout.readline().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
    headers = {"Authorization": f"Token {TOKEN}"}

    assets = httpx.get(f"{url}/api/v2/assets/", headers=headers).json()
    asked = {"fields": '["country"]', "limit": "1000"}
    path = f"{url}/api/v2/assets/{JOURNAL_UID}/data/"
    rows = httpx.get(path, headers=headers, params=asked).json()["results"]
    command.send_signal(signal.SIGTERM)
    rest = command.communicate(timeout=10)[0]

    assert assets["count"] == 5
    assert {row["country"] for row in rows} == {"mx", "co", "lr"}
    assert command.returncode == 0
    assert TOKEN not in rest


def test_the_command_refuses_a_token_of_another_shape() -> None:
    done = CliRunner().invoke(app, ["--token", "short-secret"])

    assert done.exit_code == 2
    assert "40 hex digits" in done.output
    assert "short-secret" not in done.output
