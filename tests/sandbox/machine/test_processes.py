import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from sandbox.machine import processes
from sandbox.machine.processes import Daemon

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""
PARENT = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", {STUBBORN!r}])
time.sleep(60)
"""


@pytest.fixture
def daemon(tmp_path: Path) -> Daemon:
    return Daemon("worker", tmp_path)


def test_a_started_process_is_found_and_stopped(daemon: Daemon) -> None:
    daemon.start(SLEEP, {})
    assert daemon.find() is not None
    assert daemon.stop() is True
    assert daemon.find() is None
    assert daemon.stop() is False


def test_a_process_that_only_has_the_recorded_id_is_left_alone(
    daemon: Daemon,
) -> None:
    record = {"pid": os.getpid(), "started": 1.0, "fingerprint": ""}
    daemon.record.write_text(json.dumps(record))
    assert daemon.find() is None
    assert daemon.stop() is False


def test_half_a_record_counts_as_none(daemon: Daemon) -> None:
    daemon.record.write_text('{"pid": ')
    assert daemon.find() is None


def test_a_child_that_will_not_end_is_killed(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.5)
    daemon.start([sys.executable, "-c", PARENT], {})
    _wait_until(lambda: daemon.last_line() == "deaf")
    parent = daemon.find()
    assert parent is not None
    children = parent.children()
    assert daemon.stop() is True
    assert [child for child in children if _lives(child)] == []


@pytest.mark.parametrize("how", ["stop", "start"])
def test_what_a_killed_process_has_left_behind_is_ended(
    daemon: Daemon, how: str
) -> None:
    daemon.start([sys.executable, "-c", PARENT], {})
    _wait_until(lambda: daemon.last_line() == "deaf")
    parent = daemon.find()
    assert parent is not None
    children = parent.children()
    parent.kill()
    _wait_until(lambda: not _lives(parent))
    assert [child for child in children if _lives(child)] == children

    if how == "start":
        daemon.start(SLEEP, {})
    daemon.stop()

    assert [child for child in children if _lives(child)] == []


def test_a_change_of_settings_shows(daemon: Daemon) -> None:
    daemon.start(SLEEP, {"A": "1"})
    try:
        assert daemon.runs_as(SLEEP, {"A": "1"})
        assert not daemon.runs_as(SLEEP, {"A": "2"})
        assert not daemon.runs_as([*SLEEP, "more"], {"A": "1"})
    finally:
        daemon.stop()


def test_a_setting_is_not_readable_in_the_record(daemon: Daemon) -> None:
    daemon.start(SLEEP, {"TOKEN": "hunter2"})
    daemon.stop()
    daemon.start(SLEEP, {"TOKEN": "hunter2"})
    content = daemon.record.read_text()
    daemon.stop()
    assert "hunter2" not in content


def test_the_users_own_airflow_settings_do_not_reach_the_sandbox(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor")
    monkeypatch.setenv("AIRFLOW_CONN_KOBO_MAIN", "elsewhere")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    given = processes.environment({"AIRFLOW_CONN_KOBO_MAIN": "here"})
    assert "AIRFLOW__CORE__EXECUTOR" not in given
    assert "PYTHONDONTWRITEBYTECODE" not in given
    assert given["AIRFLOW_CONN_KOBO_MAIN"] == "here"


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _lives(process: psutil.Process) -> bool:
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
