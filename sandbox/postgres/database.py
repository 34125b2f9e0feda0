"""The warehouse's database on the sandbox's server."""

from sandbox.errors import SandboxError
from sandbox.machine.home import Home
from sandbox.postgres.server import Postgres, find_running

WAREHOUSE = "warehouse"


def empty_warehouse(server: Postgres) -> str:
    """Start from nothing, so that the demo's two pulls can be seen again.

    Only this database is made anew; the server and Airflow's history stay.
    """
    had_one = _exists(server)
    server.run_sql(f'drop database if exists "{WAREHOUSE}" with (force)')
    server.ensure_database(WAREHOUSE)
    return "emptied: the rows of the last demo are gone" if had_one else "made"


def running_warehouse(home: Home) -> Postgres:
    """Return the server with the warehouse on it.

    Raises:
        SandboxError: None is running, or it holds no warehouse yet.
    """
    server = find_running(home.postgres)
    if server is None:
        raise SandboxError("No warehouse is running: start one with `make demo`.")
    if not _exists(server):
        raise SandboxError(
            "PostgreSQL runs but holds no warehouse yet: make one with `make demo`."
        )
    return server


def _exists(server: Postgres) -> bool:
    query = f"select 1 from pg_database where datname = '{WAREHOUSE}'"  # noqa: S608 - our own name
    return bool(server.run_sql(query).strip())
