"""The demo, whole: a real Airflow runs it, and every part is the one of production."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from sandbox.machine.processes import Daemon, with_children
from sandbox.pilot.canaries import CANARIES
from tests import search
from tests.memory import peaks_of

ROOT = Path(__file__).parents[1]
FORMS = 7
PARTS_OF_AIRFLOW = ("api-server", "scheduler", "dag-processor")
MOST_MEGABYTES = 700  # as warehouse_docs/monitoring.md says
STEPS = (
    "ingest_forms",
    "transform_warehouse",
    "publish_dashboards",
    "publish_reports",
)


def sandbox(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m sandbox` on its own folder, as `make` does."""
    return subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments],
        cwd=ROOT,
        env={**os.environ, "SANDBOX_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("sandbox") / "home"
    yield folder
    sandbox(folder, "stop")


@pytest.fixture(scope="module")
def demo(home: Path) -> dict[str, Any]:
    with peaks_of(lambda: processes_of_airflow(home)) as peaks:
        done = sandbox(home, "demo", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found | {"peaks": list(peaks.values())}


def processes_of_airflow(home: Path) -> list[psutil.Process]:
    """Return its scheduler with the tasks it runs, and what else it consists of."""
    daemons = [Daemon(name, home / "airflow" / "logs") for name in PARTS_OF_AIRFLOW]
    found = [process for daemon in daemons if (process := daemon.find())]
    return [one for process in found for one in with_children(process)]


def test_every_headline_is_as_published(demo: dict[str, Any]) -> None:
    figures = demo["figures"]

    assert len(figures) == 22
    assert [figure for figure in figures if not figure["is_met"]] == []


@pytest.mark.usefixtures("demo")
def test_airflow_ran_every_step_of_both_pulls(home: Path) -> None:
    url = sandbox(home, "warehouse-url").stdout.strip()
    metadata = f"{url.rpartition('/')[0]}/airflow"
    with psycopg.connect(metadata) as connection:
        runs = connection.execute("select dag_id, state from dag_run").fetchall()

    assert sorted(runs) == sorted((dag_id, "success") for dag_id in STEPS * 2)


@pytest.mark.usefixtures("demo")
def test_what_a_build_made_stands_where_the_next_run_is_explained(home: Path) -> None:
    url = sandbox(home, "warehouse-url").stdout.strip()
    metadata = f"{url.rpartition('/')[0]}/airflow"
    with psycopg.connect(metadata) as connection:
        told = connection.execute(
            "select (extra ->> 'passed')::int from asset_event"
            " where source_dag_id = 'transform_warehouse'"
        ).fetchall()

    assert len(told) == 2
    assert min(told) > (300,)


def test_no_task_takes_more_memory_than_is_promised(demo: dict[str, Any]) -> None:
    page = (ROOT / "warehouse_docs" / "monitoring.md").read_text()

    assert len(demo["peaks"]) > 2 * FORMS  # a process for each form and pull, and more
    assert max(demo["peaks"]) < MOST_MEGABYTES
    assert f"{MOST_MEGABYTES} MB" in page


@pytest.mark.usefixtures("demo")
def test_both_pulls_landed_every_form_and_were_built(home: Path) -> None:
    url = sandbox(home, "warehouse-url").stdout.strip()
    with psycopg.connect(url) as connection:
        landed = connection.execute(
            "select form_id, count(*) from ops.sync_runs"
            " where status_code = 'succeeded' group by form_id"
        ).fetchall()
        builds = connection.execute(
            "select count(*) from ops.dbt_results"
            " where node = 'model.family_journal.fct_metric_values'"
            " and status_code = 'success'"
        ).fetchone()

    assert [count for _, count in landed] == [2] * FORMS
    assert builds == (2,)


@pytest.mark.usefixtures("demo")
def test_the_warehouse_can_be_asked_by_its_url(home: Path) -> None:
    url = sandbox(home, "warehouse-url").stdout.strip()
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            """
            select release_code, round(100 * value, 2)
            from marts.fct_metric_values
            where
                metric_code = 'M03' and scope_code = 'PHL'
                and statistic_code = 'growth_of_means' and panel_code = 'balanced'
                and price_code = 'nominal' and outlier_code = 'kept'
                and denominator_code = 'household'
            order by release_code
            """
        ).fetchall()

    assert [(release, str(percent)) for release, percent in rows] == [
        ("2021-07", "1.00"),
        ("live", "2.73"),
    ]


def test_the_dashboard_stands_there_in_every_language(demo: dict[str, Any]) -> None:
    pages = {page.name for page in Path(demo["site"]).glob("*.html")}

    assert {
        "index.html",
        "d1-multi-site-overview.en.html",
        "d1-multi-site-overview.es.html",
        "d1-multi-site-overview.fil.html",
    } <= pages


def secret_files(home: Path) -> set[Path]:
    """Return the files in which secrets are kept, each readable by its owner alone."""
    return {
        path
        for path in home.rglob("*")
        if path.is_file()
        and (path.parent.name == "secrets" or path.name.endswith("password"))
    }


@pytest.fixture
def secrets(home: Path, demo: dict[str, Any]) -> set[str]:
    assert demo
    found = {path.read_text().strip() for path in secret_files(home)}
    # Token, Airflow's login and three keys, PostgreSQL's password.
    assert len(found) == 6
    return found


@pytest.fixture
def metadata(home: Path) -> str:
    """Return the address of Airflow's own database."""
    url = sandbox(home, "warehouse-url").stdout.strip()
    return f"{url.rpartition('/')[0]}/airflow"


def test_no_secret_and_no_canary_is_in_a_file(home: Path, secrets: set[str]) -> None:
    """Logs, pages, rendered templates, artifacts: all but Postgres' own folder."""
    logins = home / "airflow" / "passwords.json"  # Airflow reads its login from it
    kept = {*secret_files(home), logins}
    names = {canary.identifier for canary in CANARIES}
    logs = home / "postgres" / "log"

    assert {".html", ".log", ".json"} <= {path.suffix for path in home.rglob("*")}
    assert [path for path in kept if path.stat().st_mode & 0o077] == []
    assert search.in_files([home], names, but=[home / "postgres"]) == set()
    assert search.in_files([home], secrets, but=[home / "postgres", *kept]) == set()
    assert any(logs.iterdir())
    assert search.in_files([logs], {*names, *secrets}) == set()


def test_no_secret_and_no_canary_is_in_airflow(
    metadata: str, secrets: set[str]
) -> None:
    """Rendered templates, XCom, logs of events: every table that Airflow has."""
    words = {*secrets, *(canary.identifier for canary in CANARIES)}

    found = search.in_database(metadata, {*words, STEPS[0]})

    # That of every run is found, so that a word of ours would be.
    tables = {"xcom", "rendered_task_instance_fields", "task_instance", "log"}
    assert {place for place, _ in found} >= {f"public.{name}" for name in tables}
    assert {word for _, word in found} == {STEPS[0]}


def test_no_secret_is_in_a_table_of_the_warehouse(
    home: Path, secrets: set[str]
) -> None:
    url = sandbox(home, "warehouse-url").stdout.strip()

    # What dbt makes of raw has no more in it than raw.
    made = ("staging", "intermediate", "marts", "share")
    assert search.in_database(url, secrets, but=made) == set()


def test_no_secret_is_in_a_list_of_processes(secrets: set[str]) -> None:
    assert {name for name, _ in search.in_processes(["scheduler"])}
    assert search.in_processes(secrets) == set()


@pytest.mark.usefixtures("demo")
def test_a_taken_port_is_one_sentence(home: Path) -> None:
    url = sandbox(home, "warehouse-url").stdout.strip()
    port = url.rpartition(":")[2].partition("/")[0]
    other = home.with_name("other")
    refused = subprocess.run(
        [sys.executable, "-m", "sandbox", "demo"],
        cwd=ROOT,
        env={**os.environ, "SANDBOX_HOME": str(other), "WAREHOUSE_PORT": port},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert refused.returncode == 1
    assert f"Port {port} is taken" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.usefixtures("demo")
def test_stop_ends_everything_and_says_so(home: Path) -> None:
    stopped = sandbox(home, "stop")

    assert stopped.stdout.strip() == "Stopped: Airflow, KoboToolbox, PostgreSQL."
    assert sandbox(home, "stop").stdout.strip() == "Nothing was running."
    assert sandbox(home, "warehouse-url").returncode == 1
