from sqlalchemy import text

from tests.warehouse.conftest import Warehouse
from warehouse.connection import open_engine
from warehouse.tables import create_all

READ_BY_PEOPLE = "('marts', 'share', 'ops')"
COLUMNS = f"""
select
    format('%s.%s', columns.attrelid::regclass, columns.attname),
    col_description(columns.attrelid, columns.attnum)
from pg_attribute as columns
inner join pg_class as tables on columns.attrelid = tables.oid
where
    tables.relnamespace::regnamespace::text in {READ_BY_PEOPLE}
    and tables.relkind in ('r', 'p', 'v', 'm')
    and columns.attnum > 0
    and not columns.attisdropped
"""  # noqa: S608 - names of our own
TABLES = f"""
select tables.oid::regclass::text, obj_description(tables.oid, 'pg_class')
from pg_class as tables
where
    tables.relnamespace::regnamespace::text in {READ_BY_PEOPLE}
    and tables.relkind in ('r', 'p', 'v', 'm')
"""  # noqa: S608 - names of our own


def test_every_column_that_people_read_says_in_the_warehouse_what_it_is(
    built_pilot: Warehouse,
) -> None:
    columns = built_pilot.rows(COLUMNS)

    assert {"marts.fct_family_months.income_local", "ops.sync_runs.status_code"} <= {
        name for name, _ in columns
    }
    assert [name for name, said in columns if not said] == []


def test_every_table_that_people_read_says_what_a_row_is(
    built_pilot: Warehouse,
) -> None:
    tables = built_pilot.rows(TABLES)

    assert [
        name for name, said in tables if not (said or "").startswith("One row")
    ] == []


def test_a_table_of_an_earlier_version_is_described_when_it_is_met_again(
    empty_warehouse: str,
) -> None:
    engine = open_engine(empty_warehouse)
    create_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("comment on table ops.sync_runs is null")
        connection.exec_driver_sql("comment on column ops.sync_runs.run_id is 'Other'")

    create_all(engine)

    described = text(
        "select obj_description('ops.sync_runs'::regclass, 'pg_class'),"
        " col_description('ops.sync_runs'::regclass, 1)"
    )
    with engine.connect() as connection:
        table, column = connection.execute(described).one()
    engine.dispose()
    assert table.startswith("One row per run")
    assert column.startswith("The run that wrote the row")
