"""`python -m sandbox`: the demo, and what it leaves running."""

import json
import os
import shlex
import sys
from typing import Annotated

import typer
from rich.console import Console

from sandbox import airflow, postgres
from sandbox.demo import Demo, run_demo
from sandbox.demo.figures import to_json
from sandbox.demo.figures_table import WIDE, to_table
from sandbox.demo.progress import Steps
from sandbox.demo.settings import running_settings
from sandbox.errors import SandboxError
from sandbox.feeds.servers import Servers, form_servers
from sandbox.machine.home import Home
from sandbox.machine.ports import HOST
from sandbox.postgres.binaries import BINARIES
from sandbox.postgres.database import WAREHOUSE, running_warehouse

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False
)
AsJson = Annotated[
    bool, typer.Option("--json", help="Print figures and timings for a program.")
]

InServers = Annotated[
    Servers,
    typer.Option(
        envvar="SERVERS",
        help="Where the forms are: all on KoboToolbox, or some on ODK Central.",
    ),
]


@app.command()
def demo(*, as_json: AsJson = False, servers: InServers = Servers.KOBO) -> None:
    """Carry the synthetic pilot from the form servers to the dashboard."""
    home = Home.from_environment()
    # With --json, standard output belongs to the program that reads it.
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console.width = WIDE  # a file or a pipe has no width of its own
    with home.alone():
        done = run_demo(home, Steps(console), servers)
    if as_json:
        typer.echo(json.dumps(_summary(home, done), indent=2))
    else:
        _print_result(console, home, done)
    if done.figures.missed:
        names = ", ".join(f"{row.name} {row.scope}" for row in done.figures.missed)
        raise SandboxError(
            f"{len(done.figures.missed)} headline figures differ from the published "
            f"ones ({names}): `make psql` and look at marts.fct_metric_values."
        )


@app.command()
def stop() -> None:
    """End what the demo left running; the data stay."""
    home = Home.from_environment()
    stopped = {
        "Airflow": airflow.stop(home),
        **{one.name: one.stop() for one in form_servers(home)},
        "PostgreSQL": postgres.stop(home.postgres),
    }
    names = [name for name, was_running in stopped.items() if was_running]
    typer.echo(f"Stopped: {', '.join(names)}." if names else "Nothing was running.")


@app.command()
def status() -> None:
    """Say what runs and where."""
    home = Home.from_environment()
    server = postgres.find_running(home.postgres)
    scheduler = airflow.find_running(home)
    places = {
        "PostgreSQL": f"{HOST}:{server.port}" if server else None,
        **{one.name: one.find_running() for one in form_servers(home)},
        "Airflow": scheduler.url if scheduler else None,
    }
    for name, place in places.items():
        typer.echo(f"{name:<12} {place or 'not running'}")


@app.command()
def warehouse_url() -> None:
    """Print the URL of the running warehouse and nothing else."""
    typer.echo(running_warehouse(Home.from_environment()).url(WAREHOUSE))


@app.command()
def environment() -> None:
    """Print what the command line needs to work on the running demo, for a shell."""
    for name, value in running_settings(Home.from_environment()).items():
        typer.echo(f"export {name}={shlex.quote(value)}")


@app.command()
def psql() -> None:
    """Open a SQL prompt on the running warehouse."""
    server = running_warehouse(Home.from_environment())
    program = str(BINARIES / "psql")
    address = f"host={HOST} port={server.port} dbname={WAREHOUSE} user=postgres"
    # The password goes by the environment: arguments show in a list of processes.
    with_password = {**os.environ, "PGPASSWORD": server.password}
    os.execve(program, [program, address], with_password)  # noqa: S606 - our own binary


def main() -> None:
    """Run the command; an expected error is one sentence and exit code 1."""
    try:
        app()
    except SandboxError as error:
        typer.echo(f"{error}", err=True)
        sys.exit(1)


def _summary(home: Home, done: Demo) -> dict[str, object]:
    return {
        "figures": to_json(done.figures),
        "seconds": dict(done.seconds),
        "airflow_url": done.airflow.url,
        "site": str(home.site),
        "group_pages": str(home.reports),
    }


def _print_result(console: Console, home: Home, done: Demo) -> None:
    console.print()
    console.print(to_table(done.figures, console.width))
    console.print()
    pages = sorted(home.site.rglob("index.html"))
    places = {
        "Airflow": f"{done.airflow.url}  user {done.airflow.user}  "
        f"password {done.airflow.password}",
        "Dashboard": str(pages[0] if pages else home.site),
        "Groups": str(home.reports),
        **_metabase(),
        "Warehouse": 'make psql, or psql "$(make -s warehouse-url)"',
        "Stop": "make stop",
    }
    for name, place in places.items():
        console.print(f"{name:<10} {place}", soft_wrap=True, highlight=False)


def _metabase() -> dict[str, str]:
    url = os.environ.get("METABASE_URL")
    return {"Metabase": url} if url else {}


if __name__ == "__main__":
    main()
