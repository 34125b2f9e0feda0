"""What a table holds, in one hash that any change of a row or a column changes."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

# A row's text depends on these.
SETTINGS = ("set local datestyle = 'ISO, YMD'", "set local timezone = 'UTC'")

COLUMNS = """
select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', '
    order by attnum)
from pg_attribute
where attrelid = to_regclass(:relation) and attnum > 0 and not attisdropped
"""
# Two steps, for a text holds no more than 1 GB.
ROWS = """
select count(*), coalesce(string_agg(row_hash, '' order by row_hash), '')
from (
    select encode(sha256(convert_to({alias}::text, 'UTF8')), 'hex') as row_hash
    from {relation} as {alias}
) as hashed
"""
HASH = "select encode(sha256(convert_to(:content, 'UTF8')), 'hex')"


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a table.

    Attributes:
        row_count: How many rows.
        content_hash: SHA-256 over its columns and the hashes of its rows, sorted.
    """

    row_count: int
    content_hash: str


def quoted(*names: str) -> str:
    """Return names as one SQL identifier."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def content_of(connection: Connection, schema: str, table: str) -> Content | None:
    """Hash all rows of a table, or return None where there is none."""
    for setting in SETTINGS:
        connection.execute(text(setting))
    relation = quoted(schema, table)
    columns = connection.execute(text(COLUMNS), {"relation": relation}).scalar_one()
    if columns is None:
        return None
    query = ROWS.format(relation=relation, alias="hashed_row")
    row_count, rows = connection.exec_driver_sql(query).one()
    content = {"content": f"{columns}\n{rows}"}
    return Content(row_count, connection.execute(text(HASH), content).scalar_one())
