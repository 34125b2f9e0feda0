from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import inspect

from warehouse.connection import open_engine
from warehouse.tables import SCHEMAS, SUBMISSIONS, create_all, metadata


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


def test_every_raw_table_of_submissions_has_the_same_columns() -> None:
    shapes = {
        tuple((column.name, str(column.type)) for column in table.columns)
        for table in SUBMISSIONS.values()
    }

    assert len(shapes) == 1
