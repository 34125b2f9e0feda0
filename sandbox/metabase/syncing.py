"""The first look at a connection's tables: what its own role may read of them."""

from sandbox.metabase.exchange import Raw
from sandbox.metabase.queries import BASE_TYPES, connect

TABLES = """
select
    columns.table_schema,
    columns.table_name,
    columns.column_name,
    columns.udt_name
from information_schema.columns as columns
where
    columns.table_schema not in ('information_schema', 'pg_catalog')
    and has_table_privilege(
        format('%I.%I', columns.table_schema, columns.table_name), 'select'
    )
order by columns.table_schema, columns.table_name, columns.ordinal_position
"""


def tables_of(details: Raw) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Return name and type of each column, by schema and table.

    Raises:
        psycopg.OperationalError: The server refuses the login.
    """
    patterns = str(details.get("schema-filters-patterns") or "").split(",")
    schemas = {pattern.strip() for pattern in patterns}
    takes_all = details.get("schema-filters-type") in (None, "all")
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    with connect(details) as connection:
        for schema, table, column, kind in connection.execute(TABLES):
            if takes_all or schema in schemas:
                columns = found.setdefault((schema, table), [])
                columns.append((column, BASE_TYPES.get(kind, "type/*")))
    return found
