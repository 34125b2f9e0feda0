"""The first look at a connection's tables: what its own role may read of them."""

from sandbox.metabase.exchange import Raw
from sandbox.metabase.queries import BASE_TYPES, connect

# By number: asked by name, the privilege of a table in a closed schema is an error.
TABLES = """
select
    schemas.nspname,
    tables.relname,
    columns.attname,
    types.typname
from pg_class as tables
inner join pg_namespace as schemas on tables.relnamespace = schemas.oid
inner join pg_attribute as columns on tables.oid = columns.attrelid
inner join pg_type as types on columns.atttypid = types.oid
where
    tables.relkind in ('r', 'v', 'm', 'p', 'f')
    and schemas.nspname not in ('information_schema', 'pg_catalog', 'pg_toast')
    and columns.attnum > 0
    and not columns.attisdropped
    and has_schema_privilege(schemas.oid, 'usage')
    and has_table_privilege(tables.oid, 'select')
order by schemas.nspname, tables.relname, columns.attnum
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
