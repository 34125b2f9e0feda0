"""A real Airflow with its own scheduler, without Docker and without root.

Three processes, each with its own log under `<home>/airflow/logs`: the API server, the
scheduler (with the LocalExecutor) and the DAG processor. `airflow standalone` would
start the same ones, but stops them less reliably than we can one by one. The triggerer
is left out: no task of ours defers.
"""

import base64
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sandbox.airflow.api import AirflowApi
from sandbox.errors import SandboxError
from sandbox.machine.home import REPOSITORY, Home
from sandbox.machine.ports import HOST, choose_port
from sandbox.machine.processes import Daemon, environment, stop_all
from sandbox.postgres import Postgres

USER = "admin"
METADATA = "airflow"  # the database beside `warehouse` on the same server
MIGRATED_TO = f"""
select shobj_description(oid, 'pg_database')
from pg_database
where datname = '{METADATA}'
"""  # noqa: S608 - our own name
JWT_SECRET_BYTES = 64  # Airflow signs with SHA-512 and refuses less
ENTRY_POINT = [sys.executable, "-m", "airflow"]
COMPONENTS: Mapping[str, list[str]] = {
    "api-server": ["api-server"],
    # Task logs are read from disk on this one machine; the log server, which listens
    # on every interface, is not wanted.
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
}


@dataclass(frozen=True, slots=True)
class Airflow:
    """An Airflow that was started, and how to log in.

    Attributes:
        url: Address of the web pages and of the REST API.
        user: Name to log in with.
        password: Its password.
        is_new: Whether this call started it; False when it was running already.
    """

    url: str
    user: str
    password: str
    is_new: bool

    def api(self) -> AirflowApi:
        """Return a client of the REST API, logged in when first used."""
        return AirflowApi(self.url, self.user, self.password)


def daemons(home: Home) -> list[Daemon]:
    """Return the processes Airflow consists of."""
    return [Daemon(name, home.airflow / "logs") for name in COMPONENTS]


def start(home: Home, server: Postgres, task_settings: Mapping[str, str]) -> Airflow:
    """Start Airflow, or find it running, without waiting until it answers.

    Args:
        home: The sandbox.
        server: Where Airflow keeps its metadata.
        task_settings: Environment variables for the tasks, such as `WAREHOUSE_URL`.

    Raises:
        SandboxError: The port is taken, or the metadata could not be made.
    """
    running = find_running(home)
    settings = {**_settings(home, server), **task_settings}
    if running and _all_run_as(home, int(running.url.rpartition(":")[2]), settings):
        return running
    stop(home)  # a part of it, or one with other settings, is of no use
    port = choose_port(home.airflow_port, home.airflow / "port", "AIRFLOW_PORT")
    settings |= _addresses(port)
    _write_password(home)
    _migrate(home, server, settings)
    for daemon in daemons(home):
        daemon.start([*ENTRY_POINT, *COMPONENTS[daemon.name]], settings)
    return Airflow(f"http://{HOST}:{port}", USER, _password(home), is_new=True)


def find_running(home: Home) -> Airflow | None:
    """Return the Airflow of this sandbox when all its processes run, else None."""
    port_file = home.airflow / "port"
    if not port_file.exists() or not all(one.find() for one in daemons(home)):
        return None
    port = int(port_file.read_text())
    return Airflow(f"http://{HOST}:{port}", USER, _password(home), is_new=False)


def process_settings(
    home: Home, server: Postgres, task_settings: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment of the Airflow that runs, for what works beside it.

    A worker, or the `airflow` command line. The arguments are those of `start`.

    Raises:
        SandboxError: None was started here.
    """
    port_file = home.airflow / "port"
    if not port_file.exists():
        raise SandboxError(f"No Airflow was started in {home.airflow}.")
    port = int(port_file.read_text())
    return {**_settings(home, server), **task_settings, **_addresses(port)}


def started_at(home: Home) -> datetime:
    """Return when the DAG processor was started; now when it does not run."""
    process = Daemon("dag-processor", home.airflow / "logs").find()
    instant = process.create_time() if process else time.time()
    return datetime.fromtimestamp(instant, UTC)


def require_alive(home: Home) -> None:
    """Raise when one of Airflow's processes has ended.

    Raises:
        SandboxError: Which one, what it printed last, and where its log is.
    """
    for daemon in daemons(home):
        if daemon.find() is None:
            raise SandboxError(
                f"Airflow's {daemon.name} has ended ({daemon.last_line()}): read "
                f"{daemon.log}, then run `make stop` and `make demo` again."
            )


def stop(home: Home) -> bool:
    """Stop every process of Airflow; return whether any was running."""
    return bool(stop_all(daemons(home)))


def _all_run_as(home: Home, port: int, settings: Mapping[str, str]) -> bool:
    wanted = {**settings, **_addresses(port)}
    is_elsewhere = home.airflow_port not in (None, port)
    return not is_elsewhere and all(
        daemon.runs_as([*ENTRY_POINT, *COMPONENTS[daemon.name]], wanted)
        for daemon in daemons(home)
    )


def _settings(home: Home, server: Postgres) -> dict[str, str]:
    keys = {
        "AIRFLOW__CORE__FERNET_KEY": home.secret("airflow_fernet_key", _fernet_key),
        "AIRFLOW__API__SECRET_KEY": home.secret("airflow_secret_key", _long_secret),
        "AIRFLOW__API_AUTH__JWT_SECRET": home.secret("airflow_jwt", _long_secret),
    }
    return keys | {
        "AIRFLOW_HOME": str(home.airflow),
        "AIRFLOW__CORE__DAGS_FOLDER": str(REPOSITORY / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "sandbox.airflow.executor.WarmLocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(_password_file(home)),
        # It has one account.
        "JOURNAL_ONE_PERSON_APPROVES": "true",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": server.url(METADATA, "psycopg2"),
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__WORKERS": "1",
        # The scheduler sleeps a second between two looks; a chain of short tasks is
        # mostly that sleep. Much less than this keeps a processor busy with looking.
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        # A changed DAG file is seen by its time stamp; parsing unchanged ones again
        # every half minute takes the processor from the tasks of a small machine.
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "120",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "2",
    }


def _addresses(port: int) -> dict[str, str]:
    url = f"http://{HOST}:{port}"
    return {
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
    }


def _migrate(home: Home, server: Postgres, settings: Mapping[str, str]) -> None:
    """Make or upgrade the metadata tables, once per version of Airflow.

    The version is kept as the database's own comment, so it goes where the tables go.
    """
    current = version("apache-airflow")
    server.ensure_database(METADATA)
    if server.run_sql(MIGRATED_TO).strip() == current:
        return
    log = home.airflow / "logs" / "migrate.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        done = subprocess.run(  # noqa: S603 - our own command
            [*ENTRY_POINT, "db", "migrate"],
            cwd=REPOSITORY,
            env=environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise SandboxError(f"Airflow could not make its metadata tables: read {log}.")
    server.run_sql(f"comment on database {METADATA} is '{current}'")


def _write_password(home: Home) -> None:
    content = json.dumps({USER: _password(home)})
    home.airflow.mkdir(parents=True, exist_ok=True)
    file = _password_file(home)
    file.touch(mode=0o600)
    file.write_text(content)


def _password_file(home: Home) -> Path:
    return home.airflow / "passwords.json"


def _password(home: Home) -> str:
    return home.secret("airflow_password", lambda: secrets.token_urlsafe(12))


def _long_secret() -> str:
    return secrets.token_urlsafe(JWT_SECRET_BYTES)


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
