"""Read by Alembic: on which database, and from which tables, migrations run."""

from typing import Any

from alembic import context

from warehouse.migrations.bringing import VERSION_SCHEMA, VERSION_TABLE
from warehouse.tables import metadata

OURS = {str(table.schema) for table in metadata.tables.values()}


def include_name(name: str | None, kind: str, parents: Any) -> bool:  # noqa: ANN401 - Alembic's own
    """Leave out the schemas of dbt, and its tables in `ops`."""
    if kind == "schema":
        return name in OURS
    if kind == "table":
        return f"{parents['schema_name']}.{name}" in metadata.tables
    return True


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    version_table_schema=VERSION_SCHEMA,
    include_schemas=True,
    include_name=include_name,
)
with context.begin_transaction():
    context.run_migrations()
