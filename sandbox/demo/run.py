"""The whole way once, on the synthetic pilot: what `make demo` does.

Two pulls, before and after the pilot's edits, deletions and late journals, and one
between them where ODK Central serves a part: it forgets deletions. Every step
is done by the parts that do it in production: Airflow's scheduler starts the tasks, the
tasks pull over HTTP, dbt builds, the dashboards are rendered. Here they are only
started, told what time it is, and watched.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox import airflow, postgres
from sandbox.airflow import Airflow
from sandbox.airflow.api import AirflowApi
from sandbox.demo.figures import Figures, read_figures
from sandbox.demo.outcomes import describe_ingest, describe_publish, describe_transform
from sandbox.demo.progress import Steps
from sandbox.demo.pulls import CHAIN, run_pull
from sandbox.demo.settings import users_registry, work_settings
from sandbox.errors import SandboxError
from sandbox.feeds.finance import write_finance_files
from sandbox.feeds.form_server import set_clock
from sandbox.feeds.servers import Servers, form_servers, start_form_servers
from sandbox.machine.home import Home
from sandbox.machine.ports import HOST
from sandbox.postgres import Postgres
from sandbox.postgres.database import WAREHOUSE, empty_warehouse

# Before and after the edits and deletions of September 2021; both are months in which
# the published analysis and the extension had just been reported.
FIRST_PULL = datetime(2021, 8, 31, tzinfo=UTC)
LAST_PULL = datetime(2022, 5, 31, tzinfo=UTC)
# Central tells for thirty days when a submission was deleted. The release of July 2021
# rests on what was known at the end of September, so it must learn of these in time.
PULL_OF_DELETIONS = datetime(2021, 10, 1, tzinfo=UTC)
PULLS = {
    Servers.KOBO: (FIRST_PULL, LAST_PULL),
    Servers.BOTH: (FIRST_PULL, PULL_OF_DELETIONS, LAST_PULL),
}
AIRFLOW_SECONDS = 120
LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo leaves running, and what it found.

    Attributes:
        airflow: The Airflow to look at.
        warehouse_url: The warehouse to query.
        figures: The headline figures.
        seconds: How long each step took.
    """

    airflow: Airflow
    warehouse_url: str
    figures: Figures
    seconds: Mapping[str, float]


def run_demo(home: Home, steps: Steps, servers: Servers = Servers.KOBO) -> Demo:
    """Start everything, pull some times and read the figures.

    Args:
        home: The sandbox.
        steps: Where progress is shown.
        servers: Where the pilot's forms are.

    Raises:
        SandboxError: A step failed; the message is one sentence that says what to do.
    """
    _refuse_two_registries(home, servers)
    with steps.step("PostgreSQL 18") as step:
        server = postgres.start(home.postgres, home.warehouse_port)
        step.outcome = f"on {HOST}:{server.port}"
    stand_ins = form_servers(home, servers)
    with steps.step("Airflow and form servers") as step:
        # They take their time to come up; meanwhile the next steps go on.
        urls = start_form_servers(home, stand_ins)
        scheduler = airflow.start(home, server, _settings(home, server, urls))
        step.outcome = (
            "on their way up" if scheduler.is_new else "running since last time"
        )
    with steps.step("Files of the finance office") as step:
        step.outcome = write_finance_files(home.pilot)
    for one in stand_ins:
        with steps.step(f"{one.name} stand-in") as step:
            one.wait_until_ready(urls[one.package])
            step.outcome = f"answers at {urls[one.package]}"
    with scheduler.api() as api:
        with steps.step("Airflow") as step:
            step.outcome = _make_ready(home, scheduler, api)
        with steps.step("Warehouse") as step:
            step.outcome = empty_warehouse(server)
        for number, now in enumerate(PULLS[servers], start=1):
            for url in urls.values():
                set_clock(url, now)
            name = f"Pull {number}, {now:%b %Y}"
            run_pull(api, steps, name, _outcomes(home, server))
    with steps.step("Headline figures") as step:
        figures = read_figures(server.url(WAREHOUSE))
        met = len(figures.rows) - len(figures.missed)
        step.outcome = f"{met} of {len(figures.rows)} as published"
    return Demo(scheduler, server.url(WAREHOUSE), figures, steps.seconds)


def _refuse_two_registries(home: Home, servers: Servers) -> None:
    if servers is not Servers.KOBO and users_registry(home):
        raise SandboxError(
            f"SERVERS={servers} writes a registry of its own: leave out JOURNAL_SITES, "
            "or SERVERS."
        )


def _settings(home: Home, server: Postgres, urls: Mapping[str, str]) -> dict[str, str]:
    return {
        **work_settings(home, server, urls),
        "DASHBOARDS_SYNTHETIC": "true",
    }


def _make_ready(home: Home, scheduler: Airflow, api: AirflowApi) -> str:
    """Wait until Airflow has read the DAGs, and clear what a broken demo left."""
    # A time before the start is one that an earlier Airflow has left in the metadata.
    _wait_for_dags(home, api, airflow.started_at(home))
    asked = datetime.fromtimestamp(time.time(), UTC)
    unfinished = [dag_id for dag_id in CHAIN if api.end_unfinished_runs(dag_id)]
    for dag_id in unfinished:
        # The scheduler goes on counting a run that was ended from outside until the
        # DAG is read anew; and only then starts the next.
        api.parse_again(dag_id)
    if unfinished:
        _wait_for_dags(home, api, asked, unfinished)
    for dag_id in CHAIN:
        api.unpause(dag_id)
    return f"{len(CHAIN)} DAGs switched on at {scheduler.url}"


def _wait_for_dags(
    home: Home, api: AirflowApi, since: datetime, dag_ids: Sequence[str] = CHAIN
) -> None:
    deadline = time.monotonic() + AIRFLOW_SECONDS
    while not (api.is_up() and _has_read(api, since, dag_ids)):
        airflow.require_alive(home)
        if time.monotonic() > deadline:
            raise SandboxError(
                f"Airflow did not read its DAGs within {AIRFLOW_SECONDS} s: read the "
                f"logs in {home.airflow / 'logs'}."
            )
        time.sleep(LOOK_SECONDS)


def _has_read(api: AirflowApi, since: datetime, dag_ids: Sequence[str]) -> bool:
    errors = api.import_errors()
    if errors:
        raise SandboxError(f"Airflow cannot import a DAG: {' '.join(errors)}")
    times = [api.parsed_at(dag_id) for dag_id in dag_ids]
    return all(instant and instant > since for instant in times)


def _outcomes(home: Home, server: Postgres) -> dict[str, Callable[[], str]]:
    url = server.url(WAREHOUSE)
    ingest, transform, dashboards, reports = CHAIN
    return {
        ingest: lambda: describe_ingest(url),
        transform: lambda: describe_transform(url),
        dashboards: lambda: describe_publish(home.site),
        reports: lambda: describe_publish(home.reports),
    }
