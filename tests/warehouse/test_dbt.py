"""Running dbt, with a project of two models that the test writes itself."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

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


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, content in PROJECT.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    return tmp_path


def results(url: str) -> dict[str, str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("select node, status_code from ops.dbt_results")
        return {node.split(".")[2]: status for node, status in rows}


def test_a_build_records_every_node_and_names_its_warnings(
    project: Path, empty_warehouse: str, tmp_path: Path
) -> None:
    target = tmp_path / "elsewhere"

    report = dbt.build(project, url=empty_warehouse, target_dir=target)

    warning = "accepted_values_twos_two__False__2"
    assert report.passed == 2
    assert report.warned == (warning,)
    assert json.dumps(report.as_dict())
    assert results(empty_warehouse) == {
        "ones": "success",
        "twos": "success",
        warning: "warn",
    }
    assert (target / "manifest.json").exists()


def test_a_failing_node_is_named_in_one_sentence_and_on_record(
    project: Path, empty_warehouse: str
) -> None:
    (project / "models" / "twos.sql").write_text(
        "{{ config(materialized='table') }} select 1 / 0 as two from {{ ref('ones') }}"
    )

    with pytest.raises(DbtBuildError, match=r"failed at twos \(.*division by zero"):
        dbt.build(project, url=empty_warehouse)
    assert results(empty_warehouse)["twos"] == "error"


def test_a_project_that_dbt_cannot_read_says_why(
    tmp_path: Path, empty_warehouse: str
) -> None:
    with pytest.raises(DbtBuildError, match=r"could not build anything: .*dbt_project"):
        dbt.build(tmp_path, url=empty_warehouse)


def test_the_encryption_that_the_address_asks_for_reaches_dbt() -> None:
    url = warehouse_url("postgresql://me:pw@host/w?sslmode=verify-full")

    assert dbt.environment(url)["WAREHOUSE_SSLMODE"] == "verify-full"


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
