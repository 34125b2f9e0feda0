"""Start, recognise and stop the long-running processes of a sandbox.

A process id alone proves nothing: ids are used again after a reboot or a while. Each
process is recorded with the instant it was started, and only a process with both the
id and the instant of the record is ours.
"""

import hashlib
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from sandbox.machine.home import REPOSITORY

STOP_SECONDS = 15  # an Airflow scheduler at rest was measured to need up to 14
KILL_SECONDS = 5
SAME_INSTANT_SECONDS = 1.0
INHERITED_AIRFLOW = ("AIRFLOW_", "_AIRFLOW_")
TAIL_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class Daemon:
    """One long-running process of the sandbox, running or not.

    Attributes:
        name: What it is called in messages and file names.
        folder: Where its record (`<name>.json`) and log (`<name>.log`) lie.
    """

    name: str
    folder: Path

    @property
    def log(self) -> Path:
        """File that takes everything the process prints."""
        return self.folder / f"{self.name}.log"

    @property
    def record(self) -> Path:
        """File that says which process is ours."""
        return self.folder / f"{self.name}.json"

    def start(self, command: Sequence[str], settings: Mapping[str, str]) -> None:
        """Start `command` with `settings` added to our environment, and record it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        kill(self.left_behind())
        with self.log.open("ab") as log:
            # Its own session: a Ctrl-C in the demo must not reach it.
            process = subprocess.Popen(  # noqa: S603 - our own commands
                command,
                cwd=REPOSITORY,
                env=environment(settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        # It is meant to outlive us: without this, Python warns when it lets go of it.
        process.returncode = 0
        record = {
            "pid": process.pid,
            "started": psutil.Process(process.pid).create_time(),
            "fingerprint": fingerprint(command, settings),
        }
        self.record.write_text(json.dumps(record))

    def find(self) -> psutil.Process | None:
        """Return the running process of the record, or None."""
        record = self._read()
        if record is None:
            return None
        try:
            process = psutil.Process(int(record["pid"]))
            drift = abs(process.create_time() - float(record["started"]))
            is_dead = process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return None
        return process if drift < SAME_INSTANT_SECONDS and not is_dead else None

    def left_behind(self) -> list[psutil.Process]:
        """Return what the process has started and left when it was killed.

        A worker holds the connections that its scheduler had, and with them locks in
        the database, for as long as it lives.
        """
        record = self._read()
        if record is None or _lives(int(record["pid"])):
            return []
        # The id of a session is given to no other process while anybody is in it.
        return [
            process
            for process in psutil.process_iter()
            if _is_of_session(process, int(record["pid"]), float(record["started"]))
        ]

    def runs_as(self, command: Sequence[str], settings: Mapping[str, str]) -> bool:
        """Return whether it runs, started with exactly these arguments."""
        record = self._read()
        wanted = fingerprint(command, settings)
        return (
            record is not None
            and record["fingerprint"] == wanted
            and self.find() is not None
        )

    def stop(self) -> bool:
        """Ask the process and its children to end, then make them; say if any ran."""
        return stop_all([self]) == [self]

    def last_line(self) -> str:
        """Return the last line it printed, for an error message."""
        if not self.log.exists():
            return "it printed nothing"
        tail = self.log.read_bytes()[-TAIL_BYTES:].decode(errors="replace")
        lines = [line.strip() for line in tail.splitlines() if line.strip()]
        return lines[-1] if lines else "it printed nothing"

    def _read(self) -> dict[str, str] | None:
        try:
            found: dict[str, str] = json.loads(self.record.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return found


def stop_all(daemons: Sequence[Daemon]) -> list[Daemon]:
    """Stop `daemons` side by side and return those that were running.

    A scheduler stopped while it starts was seen to hang for minutes, so waiting has a
    limit; what is left after it, children included, is killed.
    """
    running = [(daemon, daemon.find()) for daemon in daemons]
    found = [(daemon, process) for daemon, process in running if process]
    family = [member for _, process in found for member in with_children(process)]
    for _, process in found:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, stubborn = psutil.wait_procs(family, timeout=STOP_SECONDS)
    kill(stubborn)
    for daemon, _ in running:
        kill(daemon.left_behind())
        daemon.record.unlink(missing_ok=True)
    return [daemon for daemon, _ in found]


def _lives(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _is_of_session(process: psutil.Process, session: int, since: float) -> bool:
    """Return whether it was started by the leader of a session, as all of ours are."""
    try:
        return (
            os.getsid(process.pid) == session
            and process.create_time() >= since - SAME_INSTANT_SECONDS
            and Path(process.cwd()) == REPOSITORY
        )
    except (psutil.Error, OSError):
        return False


def kill(processes: Sequence[psutil.Process]) -> None:
    """End `processes` without asking, and wait until they are gone."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=KILL_SECONDS)


def with_children(process: psutil.Process) -> list[psutil.Process]:
    """Return `process` and all that it has started; nothing when it has ended."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return our environment with `settings`, free of what would disturb.

    A developer's own Airflow settings must not reach the sandbox's Airflow, and
    without bytecode files Airflow takes twice as long to start.
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(INHERITED_AIRFLOW) and name != "PYTHONDONTWRITEBYTECODE"
    }
    return {**inherited, "PYTHONPATH": str(REPOSITORY), "DO_NOT_TRACK": "1", **settings}


def fingerprint(command: Sequence[str], settings: Mapping[str, str]) -> str:
    """Return a hash by which a change of command or settings shows."""
    content = json.dumps([list(command), sorted(settings.items())])
    return hashlib.sha256(content.encode()).hexdigest()
