"""What dbt finds around it: open connections, rarer collections, another order."""

import gc
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from dbt.adapters.postgres import connections
from dbt.graph import queue as dbt_queue
from dbt.task.runnable import GraphRunnableTask

from warehouse import dbt
from warehouse.dbt_surroundings import (
    hand_out_to_the_idle,
    kept_connections,
    rarer_collections,
    urgent_first,
)

PROFILE = """
tiny:
  target: here
  outputs:
    here:
      type: postgres
      host: "{{ env_var('WAREHOUSE_HOST') }}"
      port: "{{ env_var('WAREHOUSE_PORT') | int }}"
      user: "{{ env_var('WAREHOUSE_USER') }}"
      password: "{{ env_var('WAREHOUSE_PASSWORD') }}"
      dbname: "{{ env_var('WAREHOUSE_NAME') }}"
      schema: staging
      threads: 1
"""
PROJECT = "{name: tiny, version: '1.0.0', profile: tiny}"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write a project whose second model, of seven, fails."""
    (tmp_path / "models").mkdir()
    (tmp_path / "dbt_project.yml").write_text(PROJECT)
    (tmp_path / "profiles.yml").write_text(PROFILE)
    for number in range(7):
        model = f"{{{{ config(materialized='table') }}}} select 1 / {abs(number - 1)}"
        (tmp_path / "models" / f"model_{number}.sql").write_text(f"{model} as one")
    return tmp_path


def opened(
    project: Path, url: str, select: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, dict[str, str]]:
    """Run dbt; return how many connections it opened and what became of its nodes."""
    count = 0
    driver: Any = vars(connections)["psycopg2"]
    connect = driver.connect

    def counted(**arguments: Any) -> Any:  # noqa: ANN401 - psycopg2 has no types
        nonlocal count
        count += 1
        return connect(**arguments)

    with monkeypatch.context() as patch:
        patch.setattr(driver, "connect", counted)
        outcome = dbt.run(
            "run", project, project / "target", url=url, options=["--select", select]
        )
    assert outcome.results
    statuses = {
        result["unique_id"].rpartition(".")[2]: result["status"]
        for result in outcome.results["results"]
    }
    return count, statuses


def test_seven_models_do_not_open_seven_connections_though_one_of_them_fails(
    project: Path, empty_warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, statuses = opened(project, empty_warehouse, "path:models", monkeypatch)

    # That of dbt itself, that of its one thread, and that which follows a failure.
    assert count <= 3
    assert statuses.pop("model_1") == "error"
    assert set(statuses.values()) == {"success"}
    with psycopg.connect(empty_warehouse) as connection:
        left_open = connection.execute(
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        ).fetchone()
    assert left_open == (0,)


def test_what_leads_to_an_urgent_model_is_built_before_all_else(
    project: Path, empty_warehouse: str
) -> None:
    models = project / "models"
    for path in models.iterdir():
        path.unlink()
    for name, sql in {
        "a_alone": "select 1 as one",
        "b_first_step": "select 1 as one",
        "c_second_step": "select one from {{ ref('b_first_step') }}",
        "d_end": (
            "{{ config(meta={'build_first': true}) }}"
            "select one from {{ ref('c_second_step') }}"
        ),
        "e_after_it": "select one from {{ ref('d_end') }}",
    }.items():
        (models / f"{name}.sql").write_text(sql)

    outcome = dbt.run("run", project, project / "target", url=empty_warehouse)

    assert outcome.results
    assert [
        result["unique_id"].rpartition(".")[2] for result in outcome.results["results"]
    ] == ["b_first_step", "c_second_step", "d_end", "a_alone", "e_after_it"]


def test_as_many_nodes_are_at_work_as_there_are_threads() -> None:
    driver: Any = vars(dbt_queue)["nx"]
    graph = driver.DiGraph([("first", "urgent"), ("second", "other")])
    graph.add_node("third")
    nodes = {
        name: SimpleNamespace(
            name=name,
            resource_type="model",
            config=SimpleNamespace(meta={"build_first": name == "urgent"}),
        )
        for name in graph
    }
    manifest: Any = SimpleNamespace(expect=nodes.__getitem__)
    with urgent_first():
        queue: Any = dbt_queue.GraphQueue(graph, manifest, set(graph))
    hand_out_to_the_idle(queue, threads=2)

    given: list[str] = []

    def ask() -> None:
        for _ in nodes:
            given.append(queue.get().name)  # noqa: PERF401 - seen one by one

    def given_after(count: int) -> list[str]:
        until = time.monotonic() + 10
        while len(given) < count and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.2)  # whatever is given too early is given by then
        return given

    threading.Thread(target=ask, daemon=True).start()
    assert given_after(2) == ["first", "second"]
    queue.mark_done("second")
    assert given_after(3) == ["first", "second", "third"]
    queue.mark_done("first")
    assert given_after(4) == ["first", "second", "third", "urgent"]
    queue.mark_done("third")
    assert given_after(5) == ["first", "second", "third", "urgent", "other"]


def test_what_was_changed_is_as_before_afterwards() -> None:
    threshold = gc.get_threshold()
    release = connections.PostgresConnectionManager.release

    order = vars(dbt_queue.GraphQueue)["_get_scores"], GraphRunnableTask.run_queue

    with kept_connections(), rarer_collections(), urgent_first():
        assert gc.get_threshold()[0] > threshold[0]
        assert connections.PostgresConnectionManager.release is not release
        assert vars(dbt_queue.GraphQueue)["_get_scores"] is not order[0]
        assert GraphRunnableTask.run_queue is not order[1]

    assert gc.get_threshold() == threshold
    assert connections.PostgresConnectionManager.release is release
    assert (
        vars(dbt_queue.GraphQueue)["_get_scores"],
        GraphRunnableTask.run_queue,
    ) == order
