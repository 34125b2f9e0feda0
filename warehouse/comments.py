"""What stands beside tables and columns that dbt does not make, from the glossary.

The glossary in `warehouse_docs/glossary` is the one place that says what a column is;
dbt writes it beside the columns of its models, and this module beside the others.
"""

import re
from functools import cache
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, Table, text
from sqlalchemy.schema import SetColumnComment, SetTableComment

GLOSSARY = Path(__file__).parents[1] / "warehouse_docs" / "glossary"
ENTRY = re.compile(r"{% docs (\w+) %}(.*?){% enddocs %}", re.DOTALL)

# By schema, table and column; a table's own comment has column "".
FIND_COMMENTS = """
select
    schemas.nspname,
    tables.relname,
    coalesce(columns.attname, ''),
    descriptions.description
from pg_description as descriptions
inner join pg_class as tables on descriptions.objoid = tables.oid
inner join pg_namespace as schemas on tables.relnamespace = schemas.oid
left join pg_attribute as columns
    on
        descriptions.objoid = columns.attrelid
        and descriptions.objsubid = columns.attnum
        and columns.attnum > 0
where
    descriptions.classoid = 'pg_class'::regclass
    and schemas.nspname = any(:schemas)
"""

# A loader and a transformer each describe what they own.
FIND_OTHERS = """
select schemas.nspname || '.' || tables.relname
from pg_class as tables
inner join pg_namespace as schemas on tables.relnamespace = schemas.oid
where
    schemas.nspname = any(:schemas)
    and not pg_has_role(tables.relowner, 'usage')
"""


@cache
def glossary() -> dict[str, str]:
    """Return what each entry of the glossary says, in one line, by its name."""
    pages = "\n".join(page.read_text() for page in sorted(GLOSSARY.glob("*.md")))
    return {name: " ".join(said.split()) for name, said in ENTRY.findall(pages)}


def entry_of(table: str, column: str) -> str | None:
    """Return the glossary's name for a column: its own in that table, or the common."""
    found = (f"{table}__{column}", column)
    return next((name for name in found if name in glossary()), None)


def write_comments(connection: Connection, metadata: MetaData) -> None:
    """Write beside every table and column what it is, where that is not there yet."""
    schemas = sorted({str(table.schema) for table in metadata.tables.values()})
    there = {
        (schema, table, column): said
        for schema, table, column, said in connection.execute(
            text(FIND_COMMENTS), {"schemas": schemas}
        )
    }
    others = set(connection.execute(text(FIND_OTHERS), {"schemas": schemas}).scalars())
    for table in metadata.sorted_tables:
        if table.fullname in others:
            continue
        if table.comment != there.get((table.schema, table.name, "")):
            connection.execute(SetTableComment(table))
        for column in table.columns:
            _describe(table, column)
            if column.comment != there.get((table.schema, table.name, column.name)):
                connection.execute(SetColumnComment(column))


def _describe(table: Table, column: Column[object]) -> None:
    entry = entry_of(table.name, column.name)
    column.comment = glossary()[entry] if entry else None
