import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from sandbox.feeds.registry import PILOT
from sandbox.feeds.servers import (
    Servers,
    form_servers,
    registry_of,
    start_form_servers,
)
from sandbox.machine.home import Home
from sandbox.machine.ports import HOST

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize("command", ["environment", "warehouse-url"])
def test_asking_for_what_does_not_run_is_a_sentence_on_standard_error(
    tmp_path: Path, command: str
) -> None:
    done = _sandbox(command, tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "No warehouse is running: start one with `make demo`.\n"


def test_status_and_stop_work_where_nothing_runs(tmp_path: Path) -> None:
    status = _sandbox("status", tmp_path)
    assert status.returncode == 0
    assert status.stdout.count("not running") == 4
    assert not tmp_path.joinpath("secrets").exists()
    assert _sandbox("stop", tmp_path).stdout == "Nothing was running.\n"


def test_a_running_warehouse_is_found_shown_and_stopped(tmp_path: Path) -> None:
    _start_warehouse(tmp_path)
    try:
        url = _sandbox("warehouse-url", tmp_path)
        assert url.stdout.startswith("postgresql://postgres:")
        with psycopg.connect(url.stdout.strip()) as connection:
            row = connection.execute("select current_database()").fetchone()
        assert row == ("warehouse",)
        prompt = _sandbox("psql", tmp_path, typed="select 6 * 7 as answer;")
        assert "42" in prompt.stdout
        port = url.stdout.rpartition(":")[2].partition("/")[0]
        assert f"{HOST}:{port}" in _sandbox("status", tmp_path).stdout
    finally:
        stopped = _sandbox("stop", tmp_path)
    assert stopped.stdout == "Stopped: PostgreSQL.\n"
    assert _sandbox("warehouse-url", tmp_path).returncode == 1


@pytest.mark.long  # starts Postgres and both stand-ins
def test_a_shell_that_reads_the_environment_reaches_what_runs(tmp_path: Path) -> None:
    home = Home(tmp_path / "a 'quoted' home")
    _start_warehouse(home.root)
    try:
        too_early = _sandbox("environment", home.root)
        kobo, central = form_servers(home, Servers.BOTH)
        urls = start_form_servers(home, [kobo, central])
        url = _sandbox("warehouse-url", home.root).stdout.strip()
        found = _read_by_a_shell(_sandbox("environment", home.root).stdout)
        central.stop()
        read_before = {"JOURNAL_SITES": found["JOURNAL_SITES"]}
        later = _sandbox("environment", home.root, settings=read_before).stdout
    finally:
        _sandbox("stop", home.root)
    assert too_early.stdout == ""
    assert "No form server is running" in too_early.stderr
    kobo = json.loads(found["AIRFLOW_CONN_KOBO_MAIN"])
    assert (kobo["host"], kobo["password"]) == (urls["kobo"], home.kobo_token())
    assert json.loads(found["AIRFLOW_CONN_CENTRAL"])["host"] == urls["odk"]
    assert found["WAREHOUSE_URL"] == url
    assert found["JOURNAL_FILES_ROOT"] == str(home.pilot)
    assert found["JOURNAL_SITES"] == str(registry_of(home))
    assert _read_by_a_shell(later)["JOURNAL_SITES"] == str(PILOT)


def test_a_demo_takes_the_sandboxs_registry_for_no_registry_of_the_users(
    tmp_path: Path,
) -> None:
    # A shell that has read the environment of the last demo starts the next one.
    settings = {"SERVERS": "both", "JOURNAL_SITES": str(registry_of(Home(tmp_path)))}
    with socket.create_server((HOST, 0)) as other:
        settings["WAREHOUSE_PORT"] = str(other.getsockname()[1])
        done = _sandbox("demo", tmp_path, settings=settings)
    assert "is taken by another program" in done.stderr


def test_a_demo_on_a_taken_port_ends_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as other:
        port = str(other.getsockname()[1])
        done = _sandbox("demo", tmp_path, settings={"WAREHOUSE_PORT": port})
    assert done.returncode == 1
    assert f"Port {port} is taken by another program" in done.stderr
    assert "WAREHOUSE_PORT=<port>" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_demo_with_a_registry_of_its_own_beside_the_users_ends_in_one_sentence(
    tmp_path: Path,
) -> None:
    settings = {"SERVERS": "both", "JOURNAL_SITES": "sites.yml"}
    done = _sandbox("demo", tmp_path, settings=settings)
    assert done.returncode == 1
    assert "leave out JOURNAL_SITES, or SERVERS" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_demo_from_unknown_servers_says_which_there_are(tmp_path: Path) -> None:
    done = _sandbox("demo", tmp_path, settings={"SERVERS": "all"})
    assert done.returncode == 2
    assert "'kobo'" in done.stderr
    assert "'both'" in done.stderr


def test_a_demo_with_json_prints_nothing_but_json_on_standard_output(
    tmp_path: Path,
) -> None:
    with socket.create_server((HOST, 0)) as other:
        port = str(other.getsockname()[1])
        done = _sandbox("demo", tmp_path, "--json", settings={"WAREHOUSE_PORT": port})
    assert done.stdout == ""
    assert "PostgreSQL 18" in done.stderr


def _start_warehouse(home: Path) -> None:
    code = """
import json, sys
from sandbox import postgres
from sandbox.machine.home import Home
server = postgres.start(Home.from_environment().postgres)
server.ensure_database("warehouse")
print(json.dumps(server.port))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        env={**os.environ, "SANDBOX_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) > 0


def _read_by_a_shell(lines: str) -> dict[str, str]:
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    script = 'eval "$1"; exec "$2" -c "$3"'
    done = subprocess.run(
        ["bash", "-c", script, "bash", lines, sys.executable, code],  # noqa: S607 - any bash
        env={},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def _sandbox(
    command: str,
    home: Path,
    *options: str,
    settings: dict[str, str] | None = None,
    typed: str = "",
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sandbox", command, *options],
        cwd=REPOSITORY,
        env={**os.environ, "SANDBOX_HOME": str(home), **(settings or {})},
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
