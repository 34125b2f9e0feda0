"""Rows into a table by COPY, as few at a time as they come.

The binary form: neither side looks for letters to escape, which takes as long as all
else that is done to a row of long texts.
"""

from collections.abc import Iterable, Sequence

from psycopg import Cursor, adapters, sql
from psycopg.adapt import Dumper
from psycopg.pq import Format
from sqlalchemy import Connection


class _JsonText(Dumper):
    """Hands a `str` that is JSON already to a `json` column."""

    format = Format.BINARY
    oid = adapters.types["json"].oid

    def dump(self, obj: str) -> bytes:
        return obj.encode()


class _JsonbText(_JsonText):
    """The same for `jsonb`, whose first byte is its version."""

    oid = adapters.types["jsonb"].oid

    def dump(self, obj: str) -> bytes:
        return b"\x01" + obj.encode()


class _Json(str):
    """What the two are registered for; they are found by the column's type."""

    __slots__ = ()


def copy_rows(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> int:
    """Copy `rows` into `table` within the connection's transaction; return how many.

    The rows are streamed: none is held once it is sent. A table that is not a
    temporary one is named with its schema. Values are of the columns' types; those of
    JSON columns are text.
    """
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    into = sql.Identifier(*table.split("."))
    statement = sql.SQL("copy {} ({}) from stdin with (format binary)")
    copied = 0
    with driver.cursor() as cursor:
        for dumper in (_JsonText, _JsonbText):
            cursor.adapters.register_dumper(_Json, dumper)
        types = _types(cursor, into, names)
        with cursor.copy(statement.format(into, names)) as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)
                copied += 1
    return copied


def _types(
    cursor: Cursor[object], table: sql.Identifier, columns: sql.Composed
) -> list[int]:
    """Return the types of the columns: COPY does not tell them."""
    cursor.execute(sql.SQL("select {} from {} limit 0").format(columns, table))
    return [column.type_code for column in cursor.description or ()]
