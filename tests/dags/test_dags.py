import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]
DAGS = REPOSITORY / "dags"
RUNBOOKS = REPOSITORY / "warehouse_docs" / "runbooks"
SHARED = {"wiring", "metrics"}
DAG_FILES = sorted(file for file in DAGS.glob("*.py") if file.stem not in SHARED)
NAMES = [file.stem for file in DAG_FILES]
MOST_STATEMENTS = 5
DESCRIBE = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import Asset
from airflow.serialization.encoders import encode_deadline_alert
from dags.wiring import RETRY_WHAT_MENDS_ITSELF, tell_failure, tell_success

bag = DagBag(dag_folder=sys.argv[1])
facts = {"import_errors": bag.import_errors, "dags": {}}
for dag_id, dag in bag.dags.items():
    tasks = {
        task.task_id: {
            "outlets": [asset.name for asset in task.outlets],
            "is_mapped": task.is_mapped,
            "kind": type(task).__name__,
            "upstream": sorted(task.upstream_task_ids),
            "retries": task.retries,
            "tries_again": task.retry_policy is RETRY_WHAT_MENDS_ITSELF,
            "seconds": getattr(task.execution_timeout, "seconds", None),
            # A mapped task holds the function itself, the others a list.
            "says_what_to_do": task.on_failure_callback
            in (tell_failure, [tell_failure]),
            "closes_its_alert": task.on_success_callback
            in (tell_success, [tell_success]),
            "waits_for": getattr(getattr(task, "response_timeout", None), "days", None),
            "limit": task.max_active_tis_per_dag,
            "trigger_rule": task.trigger_rule,
            "doc": task.doc_md,
            "is_last": not task.downstream_task_ids,
        }
        for task in dag.tasks
    }
    facts["dags"][dag_id] = {
        "file": dag.fileloc,
        "timetable": type(dag.timetable).__name__,
        "first_run_within": str(getattr(dag.timetable, "run_immediately", None)),
        "clock": str(getattr(dag.timetable, "timezone", None)),
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "owner": dag.owner,
        "tags": sorted(dag.tags),
        "params": {name: dag.params.get_param(name).schema for name in dag.params},
        "deadlines": [
            encode_deadline_alert(alert)["interval"] for alert in dag.deadline or []
        ],
        "doc": dag.doc_md,
        "title": dag.dag_display_name,
        "reads": [
            asset.name
            for asset in (dag.schedule if isinstance(dag.schedule, list) else [])
            if isinstance(asset, Asset)
        ],
        "tasks": tasks,
    }
print("FACTS " + json.dumps(facts))
"""


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    # A process of its own: importing Airflow sets up logging and reads its settings
    # once and for all.
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PYTHONPATH": str(REPOSITORY),
    }
    done = subprocess.run(
        [sys.executable, "-c", DESCRIBE, str(DAGS)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stdout.splitlines() if line.startswith("FACTS "))
    read: dict[str, Any] = json.loads(line.removeprefix("FACTS "))
    return read


def test_every_dag_file_imports_and_holds_the_dag_of_its_name(
    facts: dict[str, Any],
) -> None:
    assert facts["import_errors"] == {}
    found = {dag_id: Path(dag["file"]).stem for dag_id, dag in facts["dags"].items()}
    assert found == {name: name for name in NAMES}


def test_airflow_shows_what_each_dag_and_each_task_does(facts: dict[str, Any]) -> None:
    titles = {dag["title"] for dag in facts["dags"].values()}
    assert len(titles) == len(NAMES)
    assert [title for title in titles if "_" in title] == []
    silent = [
        (dag_id, task_id)
        for dag_id, dag in facts["dags"].items()
        for task_id, task in dag["tasks"].items()
        if not (task["doc"] or "").strip()
    ]
    assert silent == []


def test_only_the_ingest_and_what_watches_or_keeps_has_a_clock(
    facts: dict[str, Any],
) -> None:
    clocks = {
        dag_id: dag
        for dag_id, dag in facts["dags"].items()
        if dag["timetable"] not in {"AssetTriggeredTimetable", "NullTimetable"}
    }
    assert set(clocks) == {
        "ingest_forms",
        "check_quality",
        "send_digest",
        "back_up",
        "collect_audit",
        "refresh_prices",
    }
    assert clocks.pop("check_quality")["timetable"] == "AssetOrTimeSchedule"
    for dag in clocks.values():
        assert dag["timetable"] == "CronTriggerTimetable"
        assert dag["catchup"] is False
        # No hour of this clock is skipped in spring or comes twice in autumn.
        assert dag["clock"] == "UTC"
        # False would mean: at once, if less than a tenth of a day has passed.
        assert dag["first_run_within"] == "0:00:00"


def test_what_a_person_starts_checks_its_parameters_and_asks_before_it_acts(
    facts: dict[str, Any],
) -> None:
    by_hand = {
        dag_id: dag for dag_id, dag in facts["dags"].items() if "by hand" in dag["tags"]
    }
    assert set(by_hand) == {"approve_deletions", "freeze_release"}
    for dag in by_hand.values():
        assert dag["timetable"] == "NullTimetable"
        assert all(
            "pattern" in one or "format" in one for one in dag["params"].values()
        )
        (acting,) = [task for task in dag["tasks"].values() if task["is_last"]]
        assert acting["upstream"] == ["ask_person"]
        assert dag["tasks"]["ask_person"]["waits_for"] == 7


def test_a_dag_has_an_owner_and_a_tag(facts: dict[str, Any]) -> None:
    assert {dag["owner"] for dag in facts["dags"].values()} == {"data-engineering"}
    assert [name for name, dag in facts["dags"].items() if not dag["tags"]] == []


def test_somebody_is_told_when_landing_or_building_takes_longer_than_its_tasks_may(
    facts: dict[str, Any],
) -> None:
    found = {name: dag["deadlines"] for name, dag in facts["dags"].items()}

    # In seconds: of what it keeps in another form, Airflow can clear no run.
    assert {name: deadlines for name, deadlines in found.items() if deadlines} == {
        "ingest_forms": [4 * 3600],
        "transform_warehouse": [3 * 3600],
    }


def test_the_registry_is_landed_before_any_form(facts: dict[str, Any]) -> None:
    tasks = facts["dags"]["ingest_forms"]["tasks"]

    assert tasks["list_forms"]["upstream"] == ["land_sites"]
    assert "list_forms" in tasks["land_submissions"]["upstream"]


def test_each_dag_starts_because_the_one_before_it_announced_its_data(
    facts: dict[str, Any],
) -> None:
    announced = {
        (asset, dag_id)
        for dag_id, dag in facts["dags"].items()
        for task in dag["tasks"].values()
        for asset in task["outlets"]
    }
    assert announced == {
        ("warehouse://raw", "ingest_forms"),
        ("warehouse://raw", "approve_deletions"),
        # Totals that counted the family have to be computed anew.
        ("warehouse://raw", "erase_family"),
        ("warehouse://marts", "transform_warehouse"),
    }
    assert facts["dags"]["transform_warehouse"]["reads"] == ["warehouse://raw"]
    assert facts["dags"]["fetch_attachments"]["reads"] == ["warehouse://raw"]
    assert facts["dags"]["publish_dashboards"]["reads"] == ["warehouse://marts"]
    assert facts["dags"]["publish_form_media"]["reads"] == ["warehouse://marts"]


def test_raw_is_announced_once_when_every_form_was_tried_and_one_has_landed(
    facts: dict[str, Any],
) -> None:
    tasks = facts["dags"]["ingest_forms"]["tasks"]
    announcing = [task for task in tasks.values() if task["outlets"]]
    assert len(announcing) == 1
    assert announcing[0]["is_mapped"] is False
    assert announcing[0]["upstream"] == ["land_submissions"]
    assert announcing[0]["trigger_rule"] == "all_done_min_one_success"
    assert tasks["land_submissions"]["is_mapped"] is True


def test_the_ingest_ends_red_when_any_form_has_failed(facts: dict[str, Any]) -> None:
    # Airflow takes the state of a run from its last tasks; the one that announces can
    # succeed although a form failed, so there must be one that cannot.
    tasks = facts["dags"]["ingest_forms"]["tasks"]
    strict = [
        task
        for task in tasks.values()
        if task["is_last"] and task["trigger_rule"] == "all_success"
    ]
    assert [task["upstream"] for task in strict] == [["land_submissions"]]


def test_one_server_is_never_asked_by_more_than_two_tasks(
    facts: dict[str, Any],
) -> None:
    assert facts["dags"]["ingest_forms"]["tasks"]["land_submissions"]["limit"] == 2
    assert facts["dags"]["fetch_attachments"]["tasks"]["fetch_files"]["limit"] == 2
    assert facts["dags"]["publish_form_media"]["tasks"]["publish_lists"]["limit"] == 2


def test_every_task_fails_as_the_wiring_says(facts: dict[str, Any]) -> None:
    wired = {
        "retries": 3,
        "tries_again": True,
        "seconds": 2 * 60 * 60,
        "says_what_to_do": True,
        "closes_its_alert": True,
    }
    found = {
        f"{dag_id}.{task_id}": {key: task[key] for key in wired}
        for dag_id, dag in facts["dags"].items()
        for task_id, task in dag["tasks"].items()
    }
    unlike = {name: task for name, task in found.items() if task != wired}

    # A person may take days, and what only joins others is never started.
    assert unlike == {
        "approve_deletions.ask_person": wired | {"seconds": None},
        "erase_family.approve_erasure": wired | {"seconds": None},
        "freeze_release.ask_person": wired | {"seconds": None},
        "ingest_forms.require_all_forms": wired | {"closes_its_alert": False},
    }


def test_no_family_is_erased_before_a_person_agrees(facts: dict[str, Any]) -> None:
    tasks = facts["dags"]["erase_family"]["tasks"]

    assert facts["dags"]["erase_family"]["timetable"] == "NullTimetable"
    assert tasks["erase_rows"]["upstream"] == ["approve_erasure"]
    assert tasks["erase_rows"]["trigger_rule"] == "all_success"
    assert tasks["approve_erasure"]["kind"] == "ApprovalOperator"
    assert tasks["approve_erasure"]["upstream"] == ["show_erasure"]


def test_no_dag_runs_twice_at_the_same_time(facts: dict[str, Any]) -> None:
    assert {dag["max_active_runs"] for dag in facts["dags"].values()} == {1}


@pytest.mark.parametrize("file", DAG_FILES, ids=NAMES)
def test_a_task_delegates_in_a_few_statements(file: Path) -> None:
    tasks = [
        node
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef) and any(map(_is_task, node.decorator_list))
    ]
    assert tasks
    long = [task.name for task in tasks if _statements(task) > MOST_STATEMENTS]
    assert long == []


@pytest.mark.parametrize("file", DAG_FILES, ids=NAMES)
def test_a_dag_says_what_it_does_and_points_to_its_runbook(
    file: Path, facts: dict[str, Any]
) -> None:
    runbook = RUNBOOKS / f"{file.stem}.md"
    assert runbook.exists()
    title = facts["dags"][file.stem]["title"]
    first_lines = f"# {file.stem}\n\nIn Airflow: *{title}*.\n"
    assert runbook.read_text().startswith(first_lines)
    doc = facts["dags"][file.stem]["doc"]
    assert doc == ast.get_docstring(ast.parse(file.read_text()), clean=False)
    assert f"warehouse_docs/runbooks/{file.stem}.md" in doc


def _is_task(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Name) and called.id == "task"


def _statements(task: ast.FunctionDef) -> int:
    return sum(isinstance(node, ast.stmt) for node in ast.walk(task)) - 1


def test_access_is_applied_before_anything_is_built(facts: dict[str, Any]) -> None:
    tasks = facts["dags"]["transform_warehouse"]["tasks"]

    assert tasks["build_models"]["upstream"] == ["apply_access"]
