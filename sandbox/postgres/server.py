"""An embedded PostgreSQL 18 that listens on loopback and keeps its data in a folder."""

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from sandbox.errors import SandboxError
from sandbox.machine.ports import HOST, choose_port
from sandbox.machine.processes import kill, with_children
from sandbox.postgres.binaries import hand_to_server_user, is_ready, run, take_back

MAJOR_VERSION = "18"
SUPERUSER = "postgres"
START_SECONDS = 30
STOP_SECONDS = 10  # a server at rest ends within one; a stopped process never does
SETTINGS = {
    "listen_addresses": HOST,
    "timezone": "UTC",
    "max_connections": "200",
    # A sandbox may lose its last second at a power cut; in return it is much faster.
    "synchronous_commit": "off",
    "shared_buffers": "256MB",
    "work_mem": "64MB",  # sorts of a build stay in memory
    # What readers ask is put on record from here. A week of it, a file per weekday.
    "logging_collector": "on",
    "log_destination": "jsonlog",
    "log_timezone": "UTC",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
}


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server and how to reach it.

    Attributes:
        data_dir: The server's data folder.
        port: TCP port on 127.0.0.1.
        password: Password of the `postgres` superuser.
    """

    data_dir: Path
    port: int
    password: str

    def url(self, database: str, driver: str | None = None) -> str:
        """Return the URL of `database`; `driver` such as `psycopg` goes into it."""
        scheme = f"postgresql+{driver}" if driver else "postgresql"
        return f"{scheme}://{SUPERUSER}:{self.password}@{HOST}:{self.port}/{database}"

    def run_sql(self, sql: str, database: str = SUPERUSER) -> str:
        """Run `sql` through the bundled psql and return what it printed, untitled."""
        return run(
            [
                "psql",
                *("-X", "-q", "-A", "-t"),
                *("-v", "ON_ERROR_STOP=1"),
                *("-h", HOST, "-p", str(self.port), "-U", SUPERUSER, "-d", database),
                *("-c", sql),
            ],
            settings={"PGPASSWORD": self.password},
        )

    def ensure_database(self, name: str) -> None:
        """Create the database `name` unless it is there."""
        found = self.run_sql(f"select 1 from pg_database where datname = '{name}'")  # noqa: S608 - our own names
        if not found.strip():
            self.run_sql(f'create database "{name}"')


def start(data_dir: Path, port: int | None = None) -> Postgres:
    """Start the server on `data_dir`, or find it running, and return it.

    Args:
        data_dir: Where the data lives; made on first use, survives restarts.
        port: The TCP port to listen on. None takes the port of last time or, when that
            is taken, a free one.

    Raises:
        SandboxError: The port is taken, the folder is not ours, or the server did not
            come up.
    """
    running = find_running(data_dir)
    if running:
        if port not in (None, running.port):
            raise SandboxError(
                f"Postgres already runs on port {running.port}, not {port}: run "
                "`make stop` first, or leave the port out."
            )
        return running
    with _as_owner(data_dir):
        _make_data_dir(data_dir)
        _forget_killed_server(data_dir)
        chosen = choose_port(port, data_dir / "sandbox.port", "WAREHOUSE_PORT")
        _start_server(data_dir, chosen)
        return Postgres(data_dir, chosen, _password(data_dir))


def find_running(data_dir: Path) -> Postgres | None:
    """Return the server that runs on `data_dir`, or None.

    Raises:
        SandboxError: It runs but does not answer, or the folder is not ours.
    """
    with _as_owner(data_dir):
        if _postmaster(data_dir) is None:
            return None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            port = _recorded_port(data_dir)
            if port and is_ready(port):
                return Postgres(data_dir, port, _password(data_dir))
            time.sleep(0.1)  # it is starting, or recovering after a kill
    raise SandboxError(
        f"Postgres on {data_dir} runs but does not answer: read "
        f"{data_dir / 'server.log'}, or run `make stop` and try again."
    )


def stop(data_dir: Path) -> bool:
    """Stop the server on `data_dir`, made to where it hangs; say if one was running.

    Raises:
        SandboxError: The folder is not ours.
    """
    with _as_owner(data_dir):
        postmaster = _postmaster(data_dir)
    if postmaster is None:
        return False
    family = with_children(postmaster)
    for mode in ("fast", "immediate"):
        limit = ("-w", "-t", str(STOP_SECONDS))
        command = ["pg_ctl", "-D", str(data_dir), "-m", mode, *limit, "stop"]
        with suppress(SandboxError):
            run(command, as_server=True, within=data_dir)
            return True
    kill(family)
    return True


def _make_data_dir(data_dir: Path) -> None:
    if (data_dir / "PG_VERSION").exists():
        version = (data_dir / "PG_VERSION").read_text().strip()
        if version != MAJOR_VERSION:
            raise SandboxError(
                f"{data_dir} holds data of PostgreSQL {version}, this sandbox runs "
                f"{MAJOR_VERSION}: move the folder away, or run `make clean`."
            )
        return
    if data_dir.exists() and any(data_dir.iterdir()):
        raise SandboxError(
            f"{data_dir} is not empty and holds no Postgres data: move it away, or "
            "choose another folder with SANDBOX_HOME=<folder>."
        )
    data_dir.mkdir(parents=True, exist_ok=True)
    password_file = _make_password_file(data_dir)
    hand_to_server_user(data_dir, password_file)
    try:
        run(
            [
                "initdb",
                *("-D", str(data_dir), "-U", SUPERUSER, "--encoding=UTF8"),
                # Postgres' own: text is compared by its bytes, alike on every system.
                *("--locale=C.UTF-8", "--locale-provider=builtin"),
                "--auth=scram-sha-256",
                f"--pwfile={password_file}",
            ],
            as_server=True,
        )
    except SandboxError:
        shutil.rmtree(data_dir)  # half a data folder would refuse the next start
        raise
    take_back(password_file)


def _make_password_file(data_dir: Path) -> Path:
    file = _password_file(data_dir)
    file.unlink(missing_ok=True)  # of data that were moved away
    # Opened with its final mode: never, not even briefly, readable by others.
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(secrets.token_urlsafe(18))
    return file


def _start_server(data_dir: Path, port: int) -> None:
    settings = {**SETTINGS, "port": str(port), "unix_socket_directories": "''"}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    log = data_dir / "server.log"
    run(
        [
            "pg_ctl",
            *("-D", str(data_dir), "-l", str(log), "-o", options),
            *("-w", "-t", str(START_SECONDS), "start"),
        ],
        as_server=True,
        within=data_dir,
        hint=f"read {log}",
    )


def _forget_killed_server(data_dir: Path) -> None:
    """Remove the pid file of a server that was killed, never that of a live one.

    A server can be alive and yet not be seen: in another container that shares the
    folder, for instance. It then still answers to the password of this folder.
    """
    port = _recorded_port(data_dir)
    if port and _lets_in(Postgres(data_dir, port, _password(data_dir))):
        raise _hidden_server(data_dir)
    (data_dir / "postmaster.pid").unlink(missing_ok=True)


def _lets_in(server: Postgres) -> bool:
    try:
        server.run_sql("select 1")
    except SandboxError:
        return False
    return True


def _hidden_server(data_dir: Path) -> SandboxError:
    return SandboxError(
        f"A PostgreSQL that cannot be seen from here runs on {data_dir}: stop it where "
        "it was started, or choose another folder with SANDBOX_HOME=<folder>."
    )


def _pid_file(data_dir: Path) -> list[str] | None:
    """Return the lines of postmaster.pid: pid, folder, start, port, ..."""
    try:
        return (data_dir / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None


def _recorded_port(data_dir: Path) -> int | None:
    """Return the port in postmaster.pid; None while the server has not written it."""
    _pid, _folder, _start, port, *_ = [*(_pid_file(data_dir) or []), *[""] * 4]
    return int(port) if port else None


def _postmaster(data_dir: Path) -> psutil.Process | None:
    """Return the live server process of `data_dir`; a reused pid does not fool it."""
    lines = _pid_file(data_dir)
    if not lines:
        return None
    try:
        process = psutil.Process(int(lines[0]))
        command = process.cmdline()
    except psutil.NoSuchProcess:
        return None
    except psutil.AccessDenied:
        raise _hidden_server(data_dir) from None
    return process if str(data_dir) in command else None


def _password_file(data_dir: Path) -> Path:
    return data_dir.with_name(f"{data_dir.name}.password")


def _password(data_dir: Path) -> str:
    return _password_file(data_dir).read_text().strip()


@contextmanager
def _as_owner(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise SandboxError(
            f"{error.filename or data_dir} belongs to another user: run as that user, "
            "or choose another folder with SANDBOX_HOME=<folder>."
        ) from None
