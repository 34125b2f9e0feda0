"""What analysts may take away, and what is refused."""

import csv
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from pyarrow import parquet

from sandbox.postgres import Postgres
from warehouse.connection import open_engine
from warehouse.errors import ExportError
from warehouse.exports import Exported, Wish, export
from warehouse.exports.anonymity import Changes
from warehouse.tables import create_all

BASELINES = "marts.fct_family_baselines"
PEOPLE = "household_member_count household_under_14_count household_adult_count"
PASSES = Changes(
    without=frozenset({"peer_group_code", *PEOPLE.split()[1:]}),
    coarsened=frozenset({"household_member_count"}),
)
MAKE = """
create table marts.fct_family_baselines (
    family_key text primary key, baseline_month date, country_code text,
    site_code text, peer_group_code text, cohort_code text, currency_code text,
    household_member_count integer, household_under_14_count integer,
    household_adult_count integer, income_local numeric(14, 2),
    has_led boolean, note_codes text[], submitted_at timestamptz
);
comment on column marts.fct_family_baselines.income_local is 'What came in.';
insert into marts.fct_family_baselines
select
    gen_random_uuid()::text, '2020-02-01', 'MEX',
    case when number <= 30 then 'MX-01' else 'MX-02' end,
    'MX-PG' || number / 5, 'MX-2020', 'MXN',
    3 + number % 2, 1, 2 + number % 2, number * 10.5, number % 2 = 0,
    array['-a', 'b'], now()
from generate_series(1, 60) as number
"""


@pytest.fixture(scope="module")
def made(postgres_server: Postgres) -> Iterator[str]:
    """Make a database with the mart and our tables, for the tests to copy."""
    postgres_server.run_sql("create database exports_made")
    engine = open_engine(postgres_server.url("exports_made"))
    create_all(engine)
    engine.dispose()
    run(postgres_server.url("exports_made"), MAKE)
    yield "exports_made"
    postgres_server.run_sql("drop database exports_made with (force)")


@pytest.fixture
def warehouse(made: str, postgres_server: Postgres) -> Iterator[str]:
    name = f"exports_{uuid.uuid4().hex[:12]}"
    postgres_server.run_sql(f"create database {name} template {made}")
    yield postgres_server.url(name)
    postgres_server.run_sql(f"drop database {name} with (force)")


def run(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement.encode())


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def take(url: str, folder: Path, **wish: Any) -> Exported:  # noqa: ANN401 - as `Wish` has it
    values: dict[str, Any] = {
        "tables": [BASELINES],
        "folder": folder,
        "changes": PASSES,
        **wish,
    }
    return export(Wish(**values), lambda *_: None, url)


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_families_that_too_few_resemble_are_not_exported(
    warehouse: str, tmp_path: Path
) -> None:
    with pytest.raises(ExportError) as refused:
        take(warehouse, tmp_path / "out", changes=Changes())

    said = str(refused.value)
    assert "60 of 60 families would be seen among fewer than 10" in said
    assert "peer_group_code=MX-PG" in said
    ((key,),) = rows(
        warehouse, "select family_key from marts.fct_family_baselines limit 1"
    )
    assert key not in said
    assert list(tmp_path.iterdir()) == []
    assert rows(warehouse, "select count(*) from ops.exports") == [(0,)]


def test_what_is_suggested_is_then_accepted(warehouse: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError) as refused:
        take(warehouse, tmp_path / "out", changes=Changes())
    suggested = str(refused.value).partition("This would do: ")[2]
    changes = Changes(
        frozenset(re.findall(r"--without (\w+)", suggested)),
        frozenset(re.findall(r"--coarsen (\w+)", suggested)),
    )

    done = take(warehouse, tmp_path / "out", changes=changes)

    assert changes.without
    assert done.anonymity.smallest_class_count is not None
    assert done.anonymity.smallest_class_count >= 10


def test_a_single_family_that_stands_out_is_enough_to_refuse(
    warehouse: str, tmp_path: Path
) -> None:
    take(warehouse, tmp_path / "before")
    run(
        warehouse,
        "update marts.fct_family_baselines set household_member_count = 12"
        " where income_local = 10.5",
    )

    with pytest.raises(ExportError, match=r"1 of 60 families .*=7 or more"):
        take(warehouse, tmp_path / "after")


def test_keys_become_pseudonyms_and_two_exports_cannot_be_joined(
    warehouse: str, tmp_path: Path
) -> None:
    take(warehouse, tmp_path / "one")
    take(warehouse, tmp_path / "two")
    one, two = (
        {
            row["family_key"]
            for row in read(tmp_path / name / "fct_family_baselines.csv")
        }
        for name in ("one", "two")
    )
    keys = {
        key
        for (key,) in rows(
            warehouse, "select family_key from marts.fct_family_baselines"
        )
    }

    assert len(one) == len(two) == 60
    assert not one & two
    assert not one & keys


def test_exports_with_the_same_key_file_can_be_joined(
    warehouse: str, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        take(warehouse, tmp_path / name, key_file=tmp_path / "study.key")
    one, two = (
        [
            row["family_key"]
            for row in read(tmp_path / name / "fct_family_baselines.csv")
        ]
        for name in ("one", "two")
    )

    assert sorted(one) == sorted(two)
    assert (tmp_path / "study.key").stat().st_mode & 0o077 == 0


def test_what_would_join_it_with_raw_is_left_out_and_the_rest_is_described(
    warehouse: str, tmp_path: Path
) -> None:
    take(warehouse, tmp_path / "out")
    (first, *_) = read(tmp_path / "out" / "fct_family_baselines.csv")
    told = {
        row["column"]: row
        for row in read(tmp_path / "out" / "fct_family_baselines.dictionary.csv")
    }

    assert {"submitted_at", "peer_group_code"}.isdisjoint(first)
    assert first["household_member_count"] == "3 to below 5"
    assert list(told) == list(first)
    assert told["family_key"]["kind"] == "pseudonym"
    assert told["household_member_count"]["is_coarser"] == "true"
    assert told["income_local"]["description"] == "What came in."


def test_an_export_is_on_record(warehouse: str, tmp_path: Path) -> None:
    done = take(warehouse, tmp_path / "out")
    query = "select export_id, exported_by, table_names, row_count, family_count,"
    query += " smallest_class_count, threshold, file_hashes from ops.exports"
    ((number, who, tables, row_count, families, smallest, threshold, hashes),) = rows(
        warehouse, query
    )

    assert (number, who, tables) == (done.export_id, "postgres", [BASELINES])
    assert (row_count, families, smallest, threshold) == (60, 60, 30, 10)
    assert set(hashes) == {path.name for path in (tmp_path / "out").iterdir()}


def test_a_login_that_may_not_read_a_table_exports_nothing(
    warehouse: str, tmp_path: Path
) -> None:
    with (
        reader(warehouse, "select 1") as url,
        pytest.raises(ExportError, match=r"may not read marts.fct_family_baselines"),
    ):
        take(url, tmp_path / "out")


def test_a_login_sees_only_its_own_rows_and_notes_its_export(
    warehouse: str, tmp_path: Path
) -> None:
    grants = """
        grant usage on schema marts, ops to {0};
        grant select on marts.fct_family_baselines to {0};
        grant execute on function ops.note_export(jsonb) to {0};
        alter role {0} set default_transaction_read_only = on;
        alter table marts.fct_family_baselines enable row level security;
        create policy own on marts.fct_family_baselines using (site_code = 'MX-01')
    """
    with reader(warehouse, grants) as url:
        done = take(url, tmp_path / "out")
        ((who,),) = rows(warehouse, "select exported_by from ops.exports")

        assert done.row_count == 30
        assert who.startswith("reader_")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            rows(url, "select * from ops.exports")


def test_a_login_that_may_not_note_its_export_makes_none(
    warehouse: str, tmp_path: Path
) -> None:
    grants = """
        grant usage on schema marts to {0};
        grant select on marts.fct_family_baselines to {0}
    """
    with (
        reader(warehouse, grants) as url,
        pytest.raises(ExportError, match="may not note its exports"),
    ):
        take(url, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"tables": ["raw.forms__journals"]}, "not among the tables"),
        ({"tables": ["marts.x; drop table ops.exports"]}, "not among the tables"),
        ({"threshold": 3}, "At least 10 families"),
        ({"changes": Changes(coarsened=frozenset({"income_local"}))}, "cannot be made"),
        ({"changes": Changes(without=frozenset({"family_key"}))}, "pseudonyms"),
        (
            {"tables": ["share.site_months"], "changes": Changes()},
            "may not read share.site_months, or there is no such table",
        ),
    ],
)
def test_what_cannot_be_exported_is_refused_in_a_sentence(
    wish: dict[str, Any], said: str, warehouse: str, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match=said):
        take(warehouse, tmp_path / "out", **wish)


def test_a_folder_that_has_something_in_it_is_left_alone(
    warehouse: str, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(ExportError, match="there already"):
        take(warehouse, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_parquet_keeps_types(warehouse: str, tmp_path: Path) -> None:
    take(warehouse, tmp_path / "out", format_code="parquet")

    table = parquet.read_table(tmp_path / "out" / "fct_family_baselines.parquet")
    types = {field.name: str(field.type) for field in table.schema}
    assert table.num_rows == 60
    assert types["income_local"] == "decimal128(14, 2)"
    assert types["baseline_month"] == "date32[day]"
    assert types["note_codes"].startswith("list<")


class reader:  # noqa: N801 - used as a block
    """A login of its own with some rights, gone afterwards."""

    def __init__(self, url: str, grants: str) -> None:
        self._url = url
        self._name = f"reader_{url.rpartition('_')[2]}"
        self._grants = grants

    def __enter__(self) -> str:
        with psycopg.connect(self._url) as connection:
            connection.execute(
                sql.SQL("create role {} login password 'reader'").format(
                    sql.Identifier(self._name)
                )
            )
            connection.execute(self._grants.format(self._name).encode())
        scheme, _, rest = self._url.partition("://")
        return f"{scheme}://{self._name}:reader@{rest.partition('@')[2]}"

    def __exit__(self, *_: object) -> None:
        with psycopg.connect(self._url) as connection:
            connection.execute(f"drop owned by {self._name}".encode())
            connection.execute(f"drop role {self._name}".encode())
