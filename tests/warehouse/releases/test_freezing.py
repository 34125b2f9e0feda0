"""Freezing two small marts of the test's own; no dbt."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from warehouse.connection import open_engine
from warehouse.errors import ReleaseError
from warehouse.releases import verify
from warehouse.releases.definition import Release
from warehouse.releases.freezing import freeze
from warehouse.releases.mart_queries import MartQuery

RELEASE = Release(
    code="2021-07",
    known_as_of=datetime(2021, 9, 30, 23, 59, 59, tzinfo=UTC),
    start_month=date(2020, 7, 1),
    end_month=date(2021, 7, 1),
)
MARTS = """
create table marts.fct_metric_values (metric_code text primary key, value numeric);
comment on column marts.fct_metric_values.value is 'The figure.';
create table marts.dim_sites (site_code text, note text)
"""
QUERIES = (
    MartQuery("fct_metric_values", "select 0.01 as value, 'M03' as metric_code"),
    # A percent sign, and a mart of the release that another reads.
    MartQuery(
        "dim_sites",
        "select metric_code as site_code, '100 %' as note"
        " from release_2021_07.fct_metric_values",
    ),
)


@pytest.fixture
def engine(warehouse_with_tables: str) -> Iterator[Engine]:
    engine = open_engine(warehouse_with_tables)
    with engine.begin() as connection:
        connection.exec_driver_sql(MARTS)
    yield engine
    engine.dispose()


def freeze_now(engine: Engine, queries: Sequence[MartQuery] = QUERIES) -> None:
    with engine.begin() as connection:
        freeze(connection, RELEASE, queries, git_commit=None, project_version="1")


def rows(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_a_release_keeps_rows_types_and_comments_of_its_marts(engine: Engine) -> None:
    freeze_now(engine)

    assert rows(engine, "select * from release_2021_07.dim_sites") == [("M03", "100 %")]
    found = rows(
        engine,
        "select col_description('release_2021_07.fct_metric_values'::regclass, 2)",
    )
    assert found == [("The figure.",)]
    noted = "select table_name, row_count from release_2021_07.release_information"
    assert sorted(rows(engine, noted)) == [("dim_sites", 1), ("fct_metric_values", 1)]
    assert verify("2021-07", engine.url.render_as_string(hide_password=False)) == 2


@pytest.mark.parametrize(("given", "kept"), [("ana", "ana"), (None, "%@%")])
def test_who_agreed_to_freeze_is_on_record(
    engine: Engine, given: str | None, kept: str
) -> None:
    with engine.begin() as connection:
        freeze(
            connection,
            RELEASE,
            QUERIES,
            git_commit=None,
            project_version="1",
            frozen_by=given,
        )

    asked = f"select frozen_by like '{kept}' from ops.frozen_releases"  # noqa: S608 - our own
    assert rows(engine, asked) == [(True,)]


@pytest.mark.parametrize(
    "statement",
    [
        "insert into {} select * from {}",
        "update {} set row_count = 0",
        "delete from {}",
        "truncate {}",
    ],
)
def test_what_is_frozen_refuses_to_be_written(engine: Engine, statement: str) -> None:
    freeze_now(engine)
    information = "release_2021_07.release_information"

    with (
        pytest.raises(DBAPIError, match="part of a frozen release"),
        engine.begin() as connection,
    ):
        connection.execute(text(statement.format(information, information)))


def test_a_freeze_that_breaks_half_way_leaves_nothing(engine: Engine) -> None:
    broken = MartQuery("dim_sites", "select 1 / 0 as site_code, '' as note")

    with pytest.raises(DBAPIError, match="division by zero"):
        freeze_now(engine, [QUERIES[0], broken])

    found = "select count(*) from pg_namespace where nspname like 'release%'"
    assert rows(engine, found) == [(0,)]
    assert rows(engine, "select * from ops.frozen_releases") == []
    freeze_now(engine)


def test_a_release_without_a_figure_is_refused(engine: Engine) -> None:
    none = MartQuery(
        "fct_metric_values", "select 1 as value, 'a' as metric_code limit 0"
    )

    with pytest.raises(ReleaseError, match="has no figure"):
        freeze_now(engine, [none])


def test_a_schema_that_is_no_release_is_never_written_over(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("create schema release_2021_07")

    with pytest.raises(ReleaseError, match="on record as no frozen release"):
        freeze_now(engine)


# What an owner of the tables can do who means to.
TAMPERED = {
    "fct_metric_values has other contents": (
        "alter table {0}.fct_metric_values disable trigger all;"
        "update {0}.fct_metric_values set value = 0.02"
    ),
    "dim_sites has 0 rows instead of 1": (
        "alter table {0}.dim_sites disable trigger all; delete from {0}.dim_sites"
    ),
    "dim_sites has other contents": "alter table {0}.dim_sites rename note to hint",
    "dim_sites is gone": "drop table {0}.dim_sites",
    "more was added": "create table {0}.more (a int)",
    "release_information is not as it was frozen": (
        "alter table {0}.release_information disable trigger all;"
        "update {0}.release_information set content_hash = 'x'"
    ),
}


@pytest.mark.parametrize("said", TAMPERED)
def test_what_was_tampered_with_is_named(engine: Engine, said: str) -> None:
    freeze_now(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(TAMPERED[said].format("release_2021_07"))

    with pytest.raises(ReleaseError, match=said):
        verify("2021-07", engine.url.render_as_string(hide_password=False))
