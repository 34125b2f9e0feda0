"""Running dbt, with a project of two models that the test writes itself."""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import search
from warehouse import dbt
from warehouse.connection import warehouse_url
from warehouse.errors import DbtBuildError

PROJECT = {
    "dbt_project.yml": """
name: tiny
version: "1.0.0"
profile: tiny
flags: {send_anonymous_usage_stats: false}
""",
    "profiles.yml": """
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
""",
    "models/ones.sql": "{{ config(materialized='table') }} select 1 as one",
    "models/twos.sql": "select one / {{ var('divisor', 1) }} as two"
    " from {{ ref('ones') }}",
    "models/twos.yml": """
models:
  - name: twos
    columns:
      - name: two
        data_tests:
          - accepted_values:
              arguments: {values: [2], quote: false}
              config: {severity: warn}
""",
}
WARNING = "accepted_values_twos_two__False__2"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(PROJECT, tmp_path)
    return tmp_path


def write(files: dict[str, str], folder: Path) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)


def results(url: str) -> dict[str, str]:
    """Return what became of each node in the last build."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "select distinct on (node) node, status_code from ops.dbt_results"
            " order by node, ended_at desc"
        )
        return {node.split(".")[2]: status for node, status in rows}


def one(url: str, query: str) -> Any:  # noqa: ANN401 - whatever the query gives
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row
        return row[0]


def test_a_build_records_every_node_and_names_its_warnings(
    project: Path, empty_warehouse: str, tmp_path: Path
) -> None:
    target = tmp_path / "elsewhere"

    report = dbt.build(project, url=empty_warehouse, target_dir=target)

    assert report.passed == 2
    assert report.warned == (WARNING,)
    assert json.dumps(report.as_dict())
    assert results(empty_warehouse) == {
        "ones": "success",
        "twos": "success",
        WARNING: "warn",
    }
    assert (target / "manifest.json").exists()
    with psycopg.connect(empty_warehouse) as connection:
        rows = connection.execute(
            "select run_id::text, row_count, ended_at from ops.dbt_results"
            " where node = 'model.tiny.ones'"
        ).fetchall()
    ((run_id, row_count, ended_at),) = rows
    assert (run_id, row_count) == (report.run_id, 1)
    assert abs(datetime.now(UTC) - ended_at) < timedelta(minutes=5)  # noqa: TID251 - dbt's own clock


def test_a_failing_node_is_named_in_one_sentence_and_on_record(
    project: Path, empty_warehouse: str
) -> None:
    (project / "models" / "twos.sql").write_text(
        "{{ config(materialized='table') }} select 1 / 0 as two from {{ ref('ones') }}"
    )

    with pytest.raises(DbtBuildError, match=r"failed at twos \(.*division by zero"):
        dbt.build(project, url=empty_warehouse)
    assert results(empty_warehouse) == {
        "ones": "success",
        "twos": "error",
        WARNING: "skipped",
    }
    message = "select message from ops.dbt_results where status_code = 'error'"
    assert "division by zero" in one(empty_warehouse, message)


def test_a_failing_test_of_the_data_is_named_and_on_record(
    project: Path, empty_warehouse: str
) -> None:
    page = project / "models" / "twos.yml"
    page.write_text(page.read_text().replace("severity: warn", "severity: error"))

    with pytest.raises(DbtBuildError, match=rf"failed at {WARNING} \(Got 1 result"):
        dbt.build(project, url=empty_warehouse)
    assert results(empty_warehouse)[WARNING] == "fail"


@pytest.mark.parametrize(
    ("choice", "nodes"),
    [
        ({"select": "ones"}, {"ones"}),
        pytest.param(
            {"exclude": "test_type:data"}, {"ones", "twos"}, id="all but some"
        ),
    ],
    ids=str,
)
def test_only_what_is_chosen_is_built(
    choice: dict[str, str], nodes: set[str], project: Path, empty_warehouse: str
) -> None:
    dbt.build(project, url=empty_warehouse, **choice)  # type: ignore[arg-type]  # of the choices

    assert results(empty_warehouse).keys() == nodes


def test_variables_reach_the_models(project: Path, empty_warehouse: str) -> None:
    report = dbt.build(project, url=empty_warehouse, variables={"divisor": 0.5})

    assert report.warned == (), "1 / 0.5 is the accepted 2"


def test_a_full_refresh_forgets_what_was_there(
    project: Path, empty_warehouse: str
) -> None:
    (project / "models" / "ones.sql").write_text(
        "{{ config(materialized='incremental') }} select 1 as one"
    )
    counts = []
    for full_refresh in (False, False, True):
        dbt.build(
            project, url=empty_warehouse, select="ones", full_refresh=full_refresh
        )
        counts.append(one(empty_warehouse, "select count(*) from staging.ones"))

    assert counts == [1, 2, 1]


def test_a_build_leaves_the_environment_as_it_was(
    project: Path, empty_warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOST", "elsewhere.example")
    monkeypatch.delenv("WAREHOUSE_PASSWORD", raising=False)
    before = dict(os.environ)

    dbt.build(project, url=empty_warehouse)

    assert {name for name in os.environ if name.startswith("WAREHOUSE_")} == {
        name for name in before if name.startswith("WAREHOUSE_")
    }
    assert os.environ["WAREHOUSE_HOST"] == "elsewhere.example"


def test_a_project_that_dbt_cannot_read_says_why(
    tmp_path: Path, empty_warehouse: str
) -> None:
    with pytest.raises(DbtBuildError, match=r"could not build anything: .*dbt_project"):
        dbt.build(tmp_path, url=empty_warehouse)


@pytest.mark.parametrize(
    ("query", "mode"), [("?sslmode=verify-full", "verify-full"), ("", "prefer")]
)
def test_the_encryption_that_the_address_asks_for_reaches_dbt(
    query: str, mode: str
) -> None:
    url = warehouse_url(f"postgresql://me:pw@host/w{query}")

    assert dbt.environment(url)["WAREHOUSE_SSLMODE"] == mode


@pytest.mark.parametrize(
    ("set_before", "work_mem"), [(None, "64MB"), ("-c work_mem=8MB", "8MB")]
)
def test_a_build_brings_its_sessions_settings_and_yields_to_those_of_who_runs_it(
    project: Path,
    empty_warehouse: str,
    monkeypatch: pytest.MonkeyPatch,
    set_before: str | None,
    work_mem: str,
) -> None:
    if set_before:
        monkeypatch.setenv("PGOPTIONS", set_before)
    (project / "models" / "ones.sql").write_text(
        "{{ config(materialized='table') }}"
        " select 1 as one, current_setting('work_mem') as work_mem,"
        " current_setting('jit') as jit"
    )

    dbt.build(project, url=empty_warehouse)

    assert one(empty_warehouse, "select work_mem from staging.ones") == work_mem
    assert one(empty_warehouse, "select jit from staging.ones") == "off"
    assert os.environ.get("PGOPTIONS") == set_before


def test_the_profile_reads_every_setting_that_it_is_given() -> None:
    profile = (dbt.PROJECT / "profiles.yml").read_text()
    given = dbt.environment(warehouse_url("postgresql://me:pw@host/w"))
    read = dict(re.findall(r"(\w+): \"\{\{ env_var\('(\w+)'", profile))

    assert read == {
        "host": "WAREHOUSE_HOST",
        "port": "WAREHOUSE_PORT",
        "user": "WAREHOUSE_USER",
        "password": "WAREHOUSE_PASSWORD",
        "dbname": "WAREHOUSE_NAME",
        "sslmode": "WAREHOUSE_SSLMODE",
    }
    assert set(read.values()) == given.keys() - {"DO_NOT_TRACK"}


def test_results_are_the_run_s_own_though_the_file_is_another_s(
    project: Path, empty_warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = dbt.run

    def run(*arguments: Any, **options: Any) -> dbt.DbtOutcome:  # noqa: ANN401 - as `dbt.run`
        outcome = original(*arguments, **options)
        (project / "target" / "run_results.json").write_text("{}")
        return outcome

    monkeypatch.setattr(dbt, "run", run)

    assert dbt.build(project, url=empty_warehouse).passed == 2
    assert (project / "target" / "partial_parse.msgpack").exists()


CANARY = "Zunzuneca 8555"
ANSWERS = f"""
create schema answers;
create table answers.given (answer text);
insert into answers.given values
    ('{CANARY}'), ('{CANARY}'), (E'he said "hi",\n {CANARY}" and "left');
create function answers.refuse(answer text) returns integer language plpgsql as $$
begin
    raise 'no row of "%"', answer using detail = answer, hint = answer;
end
$$;
"""  # noqa: S608 - constants
# What the database refuses, in words that would tell the answer.
REFUSED = {
    "a text that is no number": "select answer::integer as two",
    "a text with lines of its own": ("select (max(answer) over ())::integer as two"),
    "a key that is there twice": (
        "{{ config(post_hook='create unique index on {{ this }} (two)') }}"
        " select answer as two"
    ),
    "a function that says it": "select answers.refuse(answer) as two",
}


@pytest.mark.parametrize("what", REFUSED)
def test_no_answer_is_told_when_the_database_refuses_a_row(
    what: str,
    project: Path,
    empty_warehouse: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with psycopg.connect(empty_warehouse) as connection:
        connection.execute(ANSWERS.encode())
    model = f"{REFUSED[what]} from answers.given order by answer"
    config = "{{ config(materialized='table') }} "
    (project / "models" / "twos.sql").write_text(config + model)

    with caplog.at_level("DEBUG"), pytest.raises(DbtBuildError) as failed:
        dbt.build(project, url=empty_warehouse)

    results = (project / "target" / "run_results.json").read_text()
    for told in (str(failed.value), caplog.text, results):
        assert "Database Error in model twos" in told
    told = f"{failed.value} {caplog.text} {capfd.readouterr()}"
    assert CANARY not in told
    assert search.in_files([project], [CANARY]) == set()
    found = search.in_database(empty_warehouse, [CANARY], but=["answers"])
    assert {place for place, _ in found} == set()
