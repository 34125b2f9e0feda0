"""Which login each task has under the settings of `recipes/access.md`, and what it may.

Who owns the warehouse is no superuser here, as in the composed services.
"""

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from alerts import check, record_deadline, record_failure, send_digests
from ingestion.clock import utc_now
from ingestion.landing import land_registry
from sandbox import postgres
from tests.dags.test_wiring import open_causes, run
from tests.warehouse.releases.test_freezing import MARTS, QUERIES, RELEASE
from tests.warehouse.test_owner_of_the_stack import PASSWORD, Stack, run_job
from warehouse import audit
from warehouse.access import applying
from warehouse.access.entries import Access
from warehouse.access.kinds import WORKERS
from warehouse.access.passwords import variable_of
from warehouse.access.registry import AccessRegistry
from warehouse.backups import back_up
from warehouse.connection import open_engine, read_snapshot
from warehouse.releases.freezing import freeze

REPOSITORY = Path(__file__).parents[2]
RECIPE = REPOSITORY / "warehouse_docs" / "recipes" / "access.md"
SETTING = re.compile(r"^(WAREHOUSE_URL\w*)=(postgresql://(\w+):\S+)", re.MULTILINE)
READERS = {
    "analyst": Access(sites="all"),
    "metabase_programme": Access(sites="all"),
    "lead_mexico": Access(sites=["MX-01"]),
}
OWNER = "warehouse"
# All others are the owner's.
LOGINS = {
    "approve_deletions": "loader",
    "freeze_release": "transformer",
    "ingest_forms": "loader",
    "fetch_attachments": "loader",
    "transform_warehouse": "transformer",
    "publish_form_media": "publisher",
    "publish_dashboards": "metabase_programme",
    "publish_reports": "analyst",
}
BY_OWNER = {
    "transform_warehouse.apply_access",
    "publish_dashboards.render_sites_of_leads",
}
TAKE = """
import json, os, sys
from airflow.dag_processing.dagbag import DagBag

owner = os.environ["WAREHOUSE_URL"]
logins = {}
for dag_id, dag in DagBag(dag_folder=sys.argv[1]).dags.items():
    for task in dag.tasks:
        os.environ["WAREHOUSE_URL"] = owner
        partial = getattr(task, "partial_kwargs", {})
        take = partial.get("pre_execute") or getattr(task, "_pre_execute_hook", None)
        if take:
            take({})
        login = os.environ["WAREHOUSE_URL"].split("/")[2].partition(":")[0]
        logins[f"{dag_id}.{task.task_id}"] = login
print("LOGINS " + json.dumps(logins))
"""
TELL = """
import json, logging, os
from types import SimpleNamespace
from dags.wiring import ADDRESSES, as_role, tell_failure, tell_success
from warehouse.connection import open_engine

owner = os.environ["WAREHOUSE_URL"]
logging.getLogger("dags.wiring").addHandler(logging.FileHandler("said.log"))

def opened():
    engine = open_engine(owner)
    with engine.connect() as connection:
        query = "select place from ops.alerts where closed_at is null order by place"
        return list(connection.exec_driver_sql(query).scalars())

said = {}
for role in ADDRESSES:
    os.environ["WAREHOUSE_URL"] = owner
    as_role(role)["pre_execute"]({})
    assert os.environ["WAREHOUSE_URL"] != owner
    task = SimpleNamespace(dag_id="of", task_id=role, rendered_map_index=None)
    context = {
        "task_instance": task,
        "task": SimpleNamespace(downstream_task_ids=set()),
        "exception": ValueError("x"),
    }
    tell_failure(context)
    after_failure = opened()
    tell_success(context)
    said[role] = [after_failure, opened()]
print("SAID " + json.dumps(said))
"""


def printed(said: str, word: str) -> object:
    (line,) = (line for line in said.splitlines() if line.startswith(word))
    return json.loads(line.removeprefix(word))


def settings_of_recipe() -> dict[str, str]:
    return {name: address for name, address, _ in SETTING.findall(RECIPE.read_text())}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """Start a server, make the owner, and apply access as that."""
    with (
        tempfile.TemporaryDirectory(
            prefix="warehouse-tests-", ignore_cleanup_errors=True
        ) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        server = postgres.start(Path(folder) / "postgres")
        try:
            run_job(server, Path(folder))
            as_owner = f"//{OWNER}:{PASSWORD}@"
            url = re.sub("//.*@", as_owner, server.url(OWNER))
            for role in (*WORKERS, *READERS):
                patch.setenv(variable_of(role), PASSWORD)
            applying.apply(url, AccessRegistry({"MX-01": "MEX"}, {}, READERS))
            yield Stack(server, url)
        finally:
            postgres.stop(Path(folder) / "postgres")


def test_each_task_has_the_login_that_the_recipe_means_for_it(tmp_path: Path) -> None:
    said = run(TAKE, tmp_path, str(REPOSITORY / "dags"), settings=settings_of_recipe())
    logins = printed(said, "LOGINS ")

    assert isinstance(logins, dict)
    expected = {
        task: OWNER if task in BY_OWNER else LOGINS.get(task.partition(".")[0], OWNER)
        for task in logins
    }
    assert logins == expected
    assert set(LOGINS) <= {task.partition(".")[0] for task in logins}


def test_whichever_login_a_task_has_its_failure_is_told_and_its_success(
    stack: Stack, tmp_path: Path
) -> None:
    settings = {
        name: re.sub("//.*?:", f"//{login}:", stack.url)
        for name, _, login in SETTING.findall(RECIPE.read_text())
    }
    with psycopg.connect(settings["WAREHOUSE_URL_REPORTS"]) as connection:
        connection.execute("select 1")

    told = printed(run(TELL, tmp_path, settings=settings), "SAID ")

    roles = ("loader", "transformer", "publisher", "dashboards", "reports")
    assert told == {role: [[f"of.{role}"], []] for role in roles}
    assert (
        "The alert was not told: the warehouse"
        not in (tmp_path / "said.log").read_text()
    ), "nobody is told, but all is on record"


def test_a_release_is_frozen_by_who_builds(stack: Stack) -> None:
    engine = open_engine(stack.url_of("transformer"))
    with engine.connect() as connection:  # nothing of it is committed
        connection.exec_driver_sql(MARTS)
        freeze(connection, RELEASE, QUERIES, git_commit=None, project_version="1")
        owners = connection.exec_driver_sql(
            "select distinct tableowner from pg_tables where schemaname = %s",
            (RELEASE.schema,),
        )
        assert owners.scalars().all() == ["transformer"]
    engine.dispose()


def test_what_all_other_tasks_do_the_owner_may(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", stack.url)
    registry = tmp_path / "sites.yml"
    registry.write_text(
        "servers: {}\nforms: []\ncohorts: {}\nsites: {MX-01: {name: One, country: MEX,"
        " currency: MXN, timezone: America/Mexico_City, languages: [es]}}\n"
    )
    monkeypatch.setenv("JOURNAL_SITES", str(registry))
    now = utc_now()

    land_registry()
    check(now)
    record_failure("back_up", "write_file", None, ValueError("x"), now)
    record_deadline("ingest_forms", 4, now)
    send_digests(now)
    audit.collect(now)
    kept = back_up(now, folder=tmp_path)
    for reader in READERS:  # a lead is one
        with read_snapshot(timeout_seconds=1, role=reader) as reading:
            assert reading.exec_driver_sql("select current_user").scalar() == reader

    assert kept.file.stat().st_size > 0
    assert open_causes(stack.url) == [
        "deadline_missed/ingest_forms",
        "task_failed/back_up.write_file",
    ]
