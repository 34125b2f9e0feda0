"""Celery workers of the local Airflow, where its executor is Celery's."""

import sys
from collections.abc import Mapping

from sandbox.machine.home import Home
from sandbox.machine.processes import Daemon


def worker(home: Home, name: str) -> Daemon:
    """Return the worker of this name, running or not; its log lists what it took."""
    return Daemon(f"worker_{name}", home.airflow / "logs")


def start_worker(
    home: Home, name: str, settings: Mapping[str, str], tasks_at_once: int
) -> Daemon:
    """Start a worker, without waiting until it takes tasks, and return it.

    Args:
        home: The sandbox.
        name: Must differ from those of the other workers.
        settings: Its environment, as `process_settings` gives it: the broker's address
            and the results' are among `task_settings`.
        tasks_at_once: How many tasks it works on.
    """
    one = worker(home, name)
    command = [
        *(sys.executable, "-m", "airflow", "celery", "worker"),
        *("--concurrency", str(tasks_at_once), "--celery-hostname", f"{name}@%h"),
        # Task logs are read from disk, as those of the scheduler's own tasks are; and
        # each worker needs a file of its own for its process id.
        *("--skip-serve-logs", "--pid", str(home.airflow / f"{one.name}.pid")),
    ]
    one.start(command, settings)
    return one
