"""The embedded PostgreSQL: its programs, one server, the warehouse's database on it."""

from sandbox.postgres.server import (
    MAJOR_VERSION,
    Postgres,
    find_running,
    start,
    stop,
)

__all__ = ["MAJOR_VERSION", "Postgres", "find_running", "start", "stop"]
