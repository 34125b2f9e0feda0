from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import inspect, text

from warehouse.connection import open_engine
from warehouse.tables import (
    SCHEMAS,
    SUBMISSIONS,
    create_all,
    metadata,
    registry_forms,
    sync_runs,
)


def test_tables_are_created_once_however_often_and_by_however_many(
    empty_warehouse: str,
) -> None:
    engine = open_engine(empty_warehouse)
    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(create_all, [engine] * 3))
    create_all(engine)

    found = inspect(engine)
    assert set(SCHEMAS) <= set(found.get_schema_names())
    for table in metadata.sorted_tables:
        assert found.has_table(table.name, schema=table.schema)
    engine.dispose()


def test_runs_on_record_from_before_there_were_kinds_were_landings(
    empty_warehouse: str,
) -> None:
    engine = open_engine(empty_warehouse)
    create_all(engine)
    with engine.begin() as connection:
        for column in ("kind_code", "failure_code"):
            connection.execute(text(f"alter table ops.sync_runs drop {column}"))
        connection.execute(
            text(
                "insert into ops.sync_runs (run_id, form_id, role_code, server_name,"
                " status_code, is_full, started_at) values (gen_random_uuid(), 'a',"
                " 'journal', 'kobo', 'succeeded', false, now())"
            )
        )

    create_all(engine)

    with engine.connect() as connection:
        (run,) = connection.execute(sync_runs.select())
        assert (run.kind_code, run.failure_code) == ("land", None)
    engine.dispose()


def test_payloads_that_were_sorted_once_become_texts_and_keep_what_they_say(
    empty_warehouse: str,
) -> None:
    engine = open_engine(empty_warehouse)
    create_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "alter table raw.forms__exits alter payload type jsonb"
        )
        connection.exec_driver_sql(
            "insert into raw.forms__exits values ('a', '1', 1, null, 'new', null, null,"
            " now(), now(), 'none', null, 'x', '{\"b\": 1, \"a\": \"2\"}', '{}', '[]',"
            " gen_random_uuid(), now())"
        )

    create_all(engine)

    with engine.connect() as connection:
        (row,) = connection.exec_driver_sql(
            "select pg_typeof(payload)::text, payload from raw.forms__exits"
        )
        assert tuple(row) == ("json", {"a": "2", "b": 1})
    engine.dispose()


def test_a_registry_landed_before_records_had_addresses_gets_a_place_for_them(
    empty_warehouse: str,
) -> None:
    engine = open_engine(empty_warehouse)
    create_all(engine)
    with engine.begin() as connection:
        connection.execute(text("alter table raw.registry__forms drop record_url"))

    create_all(engine)

    with engine.connect() as connection:
        assert connection.execute(registry_forms.select()).all() == []
    engine.dispose()


def test_every_raw_table_of_submissions_has_the_same_columns() -> None:
    shapes = {
        tuple((column.name, str(column.type)) for column in table.columns)
        for table in SUBMISSIONS.values()
    }

    assert len(shapes) == 1
