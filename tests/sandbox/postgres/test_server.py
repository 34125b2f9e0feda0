import os
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from sandbox.errors import SandboxError
from sandbox.machine.ports import HOST
from sandbox.postgres import server as postgres


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
    first, second = postgres.start(data_dir), postgres.start(data_dir)

    assert first == second
    first.ensure_database("warehouse")
    second.ensure_database("warehouse")


def test_a_running_server_is_not_moved_to_another_port(data_dir: Path) -> None:
    server = postgres.start(data_dir)

    with pytest.raises(
        SandboxError, match=f"already runs on port {server.port}, not 9: .*`make stop`"
    ):
        postgres.start(data_dir, 9)


def test_a_killed_server_starts_again_with_its_data(data_dir: Path) -> None:
    server = postgres.start(data_dir)
    server.run_sql("create table kept (n integer)")
    server.run_sql("checkpoint")
    postmaster = _postmaster(data_dir)
    os.kill(postmaster, signal.SIGKILL)
    while Path(f"/proc/{postmaster}").exists() and not _is_zombie(postmaster):
        time.sleep(0.05)

    assert postgres.start(data_dir).run_sql("select count(*) from kept").strip() == "0"


def test_a_pid_that_another_program_has_by_now_is_not_the_server(
    data_dir: Path,
) -> None:
    server = postgres.start(data_dir)
    server.run_sql("create table kept (n integer)")
    pid_file = (data_dir / "postmaster.pid").read_text().splitlines()
    postgres.stop(data_dir)
    with subprocess.Popen(["sleep", "300"]) as another:  # noqa: S607 - any will do
        of_another = [str(another.pid), *pid_file[1:]]
        (data_dir / "postmaster.pid").write_text("\n".join(of_another))
        try:
            assert postgres.find_running(data_dir) is None
            assert not postgres.stop(data_dir)
            assert another.poll() is None
            found = postgres.start(data_dir).run_sql("select count(*) from kept")
        finally:
            another.kill()

    assert found.strip() == "0"


def test_a_hung_server_is_stopped_and_its_data_are_kept(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "STOP_SECONDS", 1)
    server = postgres.start(data_dir)
    server.run_sql("create table kept (n integer)")
    server.run_sql("checkpoint")
    os.kill(_postmaster(data_dir), signal.SIGSTOP)

    assert postgres.stop(data_dir)
    assert not postgres.stop(data_dir)
    assert postgres.start(data_dir).run_sql("select count(*) from kept").strip() == "0"


def test_a_live_server_that_cannot_be_seen_keeps_its_pid_file(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.start(data_dir)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(psutil, "Process", _no_such_process)
        with pytest.raises(SandboxError, match="cannot be seen from here"):
            postgres.start(data_dir)

    assert (data_dir / "postmaster.pid").exists()
    assert postgres.find_running(data_dir)


def test_a_process_whose_arguments_are_hidden_is_not_taken_for_dead(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.start(data_dir)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(psutil.Process, "cmdline", _denied)
        for act in (postgres.start, postgres.stop, postgres.find_running):
            with pytest.raises(SandboxError, match="cannot be seen from here"):
                act(data_dir)


def test_the_password_shows_in_no_list_of_processes(data_dir: Path) -> None:
    server = postgres.start(data_dir)
    arguments = server.run_sql(r"\! tr '\0' ' ' < /proc/$PPID/cmdline")

    assert "psql" in arguments
    assert server.password not in arguments


def test_the_password_is_never_readable_by_others(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = data_dir.with_name("postgres.password")
    modes = []

    def see(*_: Path) -> None:
        modes.append(stat.S_IMODE(file.stat().st_mode))
        raise SandboxError("seen enough")

    old_mask = os.umask(0)
    try:
        with monkeypatch.context() as before_initdb:
            before_initdb.setattr(postgres, "hand_to_server_user", see)
            with pytest.raises(SandboxError, match="seen enough"):
                postgres.start(data_dir)
    finally:
        os.umask(old_mask)
    assert modes == [0o600]


@pytest.mark.parametrize("act", [postgres.start, postgres.stop, postgres.find_running])
def test_a_folder_of_another_user_is_one_sentence(
    act: Callable[[Path], object], data_dir: Path
) -> None:
    data_dir.mkdir()
    (data_dir / "PG_VERSION").write_text("18\n")
    with (
        _as_somebody_else(data_dir),
        pytest.raises(SandboxError, match=r"belongs to another user.*SANDBOX_HOME="),
    ):
        act(data_dir)
    (data_dir / "PG_VERSION").unlink()


@contextmanager
def _as_somebody_else(folder: Path) -> Iterator[None]:
    folder.chmod(0o000)
    account = os.geteuid()
    if account == 0:  # whom no mode keeps out
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(account)
        folder.chmod(0o700)


def _no_such_process(pid: int) -> psutil.Process:
    raise psutil.NoSuchProcess(pid)


def _denied(process: psutil.Process) -> list[str]:
    raise psutil.AccessDenied(process.pid)


def _postmaster(data_dir: Path) -> int:
    return int((data_dir / "postmaster.pid").read_text().splitlines()[0])


def _is_zombie(pid: int) -> bool:
    return "State:\tZ" in Path(f"/proc/{pid}/status").read_text()


def test_a_taken_port_is_refused_with_what_to_do(data_dir: Path) -> None:
    with socket.create_server((HOST, 0)) as other:
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


def test_a_first_start_that_was_cut_short_can_be_tried_again(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_the_disk(*_: object, **__: object) -> None:
        (data_dir / "base").mkdir()
        raise SandboxError("initdb failed: the disk is full")

    with monkeypatch.context() as full:
        full.setattr(postgres, "run", fill_the_disk)
        with pytest.raises(SandboxError, match="the disk is full"):
            postgres.start(data_dir)

    assert postgres.start(data_dir).run_sql("select 1").strip() == "1"


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
