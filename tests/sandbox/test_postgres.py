import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import postgres
from sandbox.postgres import SandboxError


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "postgres"
    yield folder
    if (folder / "PG_VERSION").exists():
        postgres.stop(folder)


def test_data_survive_a_restart_on_the_same_port(data_dir: Path) -> None:
    first = postgres.start(data_dir)
    first.run_sql("create table kept (n integer); insert into kept values (42)")
    assert postgres.stop(data_dir)
    second = postgres.start(data_dir)

    assert second.run_sql("select n from kept").strip() == "42"
    assert second.port == first.port


def test_starting_twice_finds_the_running_server(data_dir: Path) -> None:
    assert postgres.start(data_dir) == postgres.start(data_dir)


def test_a_killed_server_starts_again_with_its_data(data_dir: Path) -> None:
    server = postgres.start(data_dir)
    server.run_sql("create table kept (n integer)")
    server.run_sql("checkpoint")
    postmaster = int((data_dir / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)
    while Path(f"/proc/{postmaster}").exists() and not _is_zombie(postmaster):
        time.sleep(0.05)

    assert postgres.start(data_dir).run_sql("select count(*) from kept").strip() == "0"


def _is_zombie(pid: int) -> bool:
    return "State:\tZ" in Path(f"/proc/{pid}/status").read_text()


def test_a_taken_port_is_refused_with_what_to_do(data_dir: Path) -> None:
    with socket.create_server((postgres.HOST, 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(
            SandboxError, match=f"Port {taken} is taken.*WAREHOUSE_PORT"
        ):
            postgres.start(data_dir, taken)

    assert not (data_dir / "postmaster.pid").exists()


def test_a_folder_of_something_else_is_refused_and_left_alone(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "letter.txt").write_text("not a database")

    with pytest.raises(SandboxError, match="is not empty and holds no Postgres data"):
        postgres.start(data_dir)
    assert [path.name for path in data_dir.iterdir()] == ["letter.txt"]


def test_data_of_another_version_are_refused(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "PG_VERSION").write_text("16\n")

    with pytest.raises(SandboxError, match="PostgreSQL 16, this sandbox runs 18"):
        postgres.start(data_dir)
    (data_dir / "PG_VERSION").unlink()


def test_the_server_listens_on_loopback_only_and_wants_a_password(
    data_dir: Path,
) -> None:
    server = postgres.start(data_dir)

    assert server.run_sql("show listen_addresses").strip() == "127.0.0.1"
    wrong = postgres.Postgres(data_dir, server.port, "wrong")
    with pytest.raises(SandboxError, match="password authentication failed"):
        wrong.run_sql("select 1")
