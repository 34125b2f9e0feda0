import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import psycopg

from sandbox.machine.ports import HOST

REPOSITORY = Path(__file__).parents[2]


def test_warehouse_url_of_nothing_is_a_sentence_on_standard_error(
    tmp_path: Path,
) -> None:
    done = _sandbox("warehouse-url", tmp_path)
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
