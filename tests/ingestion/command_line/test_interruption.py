"""Ctrl-C, in a process of its own as from a terminal, and at any moment."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.command_line import check, import_file, land, propose_map, remap, status
from sandbox.http_server.server import StandIn
from sandbox.kobo import KoboServer
from sandbox.odk import OdkServer
from tests.ingestion.command_line.commands import run
from tests.ingestion.conftest import ODK_REGISTRY, Rows, write_registry
from tests.ingestion.small_forms import Life, day, forty

SENTENCE = "Interrupted: nothing is half done, and the same command can be run again."
# What a shell starts in the background ignores Ctrl-C, and so would its children.
LIKE_A_TERMINAL = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("ingestion", run_name="__main__")
"""
FIRST_STEPS = {
    "check": (check, "load_registry", ()),
    "land": (land, "land_form", ()),
    "status": (status, "ready_warehouse", ()),
    "remap": (remap, "remap_form", ()),
    "import": (import_file, "import_file", ("june.csv",)),
    "propose-map": (propose_map, "find_form", ("--form", "journal")),
}


@pytest.mark.parametrize("command", FIRST_STEPS)
def test_any_command_ends_with_one_sentence(
    registry: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    module, step, arguments = FIRST_STEPS[command]
    monkeypatch.setattr(module, step, interrupt)

    code, _, err = run(command, *arguments)

    assert code == 130
    assert err.strip() == SENTENCE
    assert registry.exists()


def land_until_it_asks_for(server: StandIn, path: str) -> None:
    """Land in a process and interrupt it at a request, which stays unanswered."""
    command = [sys.executable, "-c", LIKE_A_TERMINAL, "land", "--form", "journal"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        while not any(path in one["path"] for one in server.requests):
            assert process.poll() is None, process.communicate()
            os.sched_yield()
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()

    assert process.returncode == 130
    assert (out, err.strip()) == ("", SENTENCE)


def test_a_landing_that_is_interrupted_lands_nothing_and_the_next_lands_all(
    registry: Path, server: KoboServer, rows: Rows
) -> None:
    server.set_faults({"kind": "slow", "path": "/data/", "seconds": 30, "count": None})

    land_until_it_asks_for(server, "/data/")

    assert rows("select 1 from raw.forms__journals") == []
    assert rows("select status_code, failure_code from ops.sync_runs") == [
        {"status_code": "failed", "failure_code": "interrupted"}
    ]
    server.set_faults()
    assert run("land", "--form", "journal")[1].startswith("journal: 40 new")
    assert registry.exists()


def test_a_landing_that_asks_for_several_things_at_once_ends_as_soon(
    tmp_path: Path,
    warehouse_with_tables: str,
    monkeypatch: pytest.MonkeyPatch,
    rows: Rows,
) -> None:
    monkeypatch.setenv("JOURNAL_SITES", str(write_registry(tmp_path, ODK_REGISTRY)))
    monkeypatch.setenv("WAREHOUSE_URL", warehouse_with_tables)
    with OdkServer([forty(Life()).form()], clock=day(60)) as central:
        who = central.accounts["viewer"]
        value = {"host": central.url, "login": who.email, "password": who.password}
        monkeypatch.setenv("AIRFLOW_CONN_ODK_TEST", json.dumps(value))
        slow = {"kind": "slow", "path": "/submissions/", "seconds": 100, "count": None}
        central.set_faults(slow)

        land_until_it_asks_for(central, "/submissions/")

        asked = [(one["method"], one["path"]) for one in central.requests]
        assert ("DELETE", "/v1/sessions/current") in asked
    assert rows("select 1 from raw.forms__journals") == []
