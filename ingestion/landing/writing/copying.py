"""Rows into a table by COPY, as few at a time as they come."""

from collections.abc import Iterable, Sequence

from psycopg import sql
from sqlalchemy import Connection


def copy_rows(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> int:
    """Copy `rows` into `table` within the connection's transaction; return how many.

    The rows are streamed: none is held once it is sent. A table that is not a
    temporary one is named with its schema.
    """
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(*table.split(".")),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
    )
    copied = 0
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            copied += 1
    return copied
