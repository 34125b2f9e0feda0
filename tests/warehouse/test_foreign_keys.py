"""Foreign keys of contracts: our macros in a project of one fact and one dimension."""

import shutil
from pathlib import Path

import psycopg
import pytest

from tests.warehouse.test_dbt import PROJECT, write
from warehouse import dbt
from warehouse.errors import DbtBuildError

MACROS = dbt.PROJECT / "macros" / "contracts"
FILES = {
    "dbt_project.yml": PROJECT["dbt_project.yml"]
    + 'on-run-end: "{{ declare_foreign_keys(results) }}"\n',
    "profiles.yml": PROJECT["profiles.yml"],
    "models/places.sql": "select 'MX' as place_code union all select 'CO'",
    "models/events.sql": "select 1 as event_id, 'CO' as place_code",
    "models/contracts.yml": """
models:
  - name: places
    config: {materialized: table, contract: {enforced: true}}
    constraints:
      - {type: primary_key, columns: [place_code]}
    columns:
      - {name: place_code, data_type: text}
  - name: events
    config: {materialized: table, contract: {enforced: true}}
    constraints:
      - {type: primary_key, columns: [event_id]}
      - type: foreign_key
        columns: [place_code]
        to: ref('places')
        to_columns: [place_code]
    columns:
      - {name: event_id, data_type: integer}
      - name: place_code
        data_type: text
        constraints:
          - type: not_null
""",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(FILES, tmp_path)
    shutil.copytree(MACROS, tmp_path / "macros")
    return tmp_path


def rules(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "select pg_get_constraintdef(oid) from pg_constraint"
            " where conrelid = 'staging.events'::regclass order by 1"
        ).fetchall()
    return [rule for (rule,) in rows]


def test_a_table_has_every_rule_of_its_contract_when_the_build_ends(
    project: Path, empty_warehouse: str
) -> None:
    dbt.build(project, url=empty_warehouse)

    assert rules(empty_warehouse) == [
        "FOREIGN KEY (place_code) REFERENCES staging.places(place_code)",
        "NOT NULL event_id",
        "NOT NULL place_code",
        "PRIMARY KEY (event_id)",
    ]


def test_a_row_that_points_nowhere_fails_the_build_and_names_the_table(
    project: Path, empty_warehouse: str
) -> None:
    (project / "models" / "events.sql").write_text(
        "select 1 as event_id, 'PH-canary' as place_code"
    )

    with pytest.raises(DbtBuildError, match='table "events"') as failed:
        dbt.build(project, url=empty_warehouse)

    assert "PH-canary" not in str(failed.value)


def test_no_key_is_declared_while_a_table_is_filled(
    project: Path, empty_warehouse: str
) -> None:
    """It would lock the dimension, and facts would wait for one another."""
    dbt.build(project, url=empty_warehouse)

    filled = (project / "target/run/tiny/models/events.sql").read_text().lower()
    assert "primary key" in filled
    assert "foreign key" not in filled
