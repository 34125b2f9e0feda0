"""The local Airflow: its processes, its executor, and a client of its REST API."""

from sandbox.airflow.daemons import (
    Airflow,
    find_running,
    process_settings,
    require_alive,
    start,
    started_at,
    stop,
)

__all__ = [
    "Airflow",
    "find_running",
    "process_settings",
    "require_alive",
    "start",
    "started_at",
    "stop",
]
