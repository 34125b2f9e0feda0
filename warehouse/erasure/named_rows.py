"""Taking a family out of every table that is not raw's, whoever made it.

No list of tables is kept: one that is added tomorrow is looked at too. A row goes where
a column says that it is the family's; anything else that names it is blanked where it
does.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from sqlalchemy import Connection, text

from warehouse.erasure.redaction import ERASED
from warehouse.erasure.subject import Subject
from warehouse.releases.hashing import quoted

# Whose own row it is.
KEYS = frozenset({"family_key"})
CODES = frozenset({"family_code", "reported_code"})
# Any mention makes the row one of the family's: there is no telling what else it says.
ALL_OF_IT = frozenset({("ops", "rejected_records")})
# What the erasure itself writes, and what has been seen to already.
OWN_TABLES = frozenset(
    {
        ("ops", "erasures"),
        ("ops", "erasure_blocks"),
        ("ops", "release_erasures"),
        ("pii", "erasure_secrets"),
        ("pii", "erasure_leftovers"),
        ("pii", "erasure_files"),
    }
)
COLUMNS = """
select
    tables.oid,
    schemas.nspname as schema_name,
    tables.relname as table_name,
    columns.attname as column_name,
    format_type(columns.atttypid, null) as type_name,
    not columns.attnotnull as is_nullable,
    coalesce(columns.attnum = any(keys.conkey), false) as is_key
from pg_class as tables
inner join pg_namespace as schemas on tables.relnamespace = schemas.oid
inner join pg_attribute as columns
    on
        tables.oid = columns.attrelid
        and columns.attnum > 0
        and not columns.attisdropped
        and columns.attgenerated = ''
left join pg_constraint as keys
    on tables.oid = keys.conrelid and keys.contype = 'p'
where
    tables.relkind in ('r', 'p')
    and tables.relpersistence <> 't'
    and not tables.relispartition
    and schemas.nspname !~ '^(pg_|information_schema$)'
    and not (schemas.nspname = 'raw' and tables.relname like 'forms\\_\\_%')
order by tables.oid, columns.attnum
"""
REFERENCES = """
select distinct conrelid, confrelid from pg_constraint
where contype = 'f' and conrelid <> confrelid
"""
TEXTS = frozenset({"text", "character varying", "json", "jsonb", "text[]", "xml"})

Progress = Callable[[str, int, int], None]
Counts = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    type_name: str
    is_nullable: bool
    is_key: bool


@dataclass(frozen=True, slots=True)
class NamedTable:
    """A table that may name a family.

    Attributes:
        schema: Where it is.
        name: Its name.
        columns: All of them.
    """

    schema: str
    name: str
    columns: tuple[Column, ...]

    @property
    def relation(self) -> str:
        """Return its name in SQL."""
        return quoted(self.schema, self.name)

    @property
    def is_all_of_it(self) -> bool:
        """Return whether any mention makes a row the family's."""
        return (self.schema, self.name) in ALL_OF_IT

    @property
    def place(self) -> str:
        """Return its name for people."""
        return f"{self.schema}.{self.name}"


def named_tables(connection: Connection) -> list[NamedTable]:
    """Return every table but raw's submissions, those first that point at others."""
    found: dict[int, NamedTable] = {}
    for row in connection.execute(text(COLUMNS)):
        if (row.schema_name, row.table_name) in OWN_TABLES:
            continue
        column = Column(row.column_name, row.type_name, row.is_nullable, row.is_key)
        before = found.get(row.oid)
        columns = (*(before.columns if before else ()), column)
        found[row.oid] = NamedTable(row.schema_name, row.table_name, columns)
    pointing: dict[int, set[int]] = {oid: set() for oid in found}
    for child, parent in connection.execute(text(REFERENCES)):
        if child in found and parent in found:
            pointing[parent].add(child)
    try:
        order = list(TopologicalSorter(pointing).static_order())
    except CycleError:
        order = list(found)
    return [found[oid] for oid in order]


def erase_named_rows(
    connection: Connection,
    subject: Subject,
    tables: Sequence[NamedTable],
    progress: Progress,
) -> Counts:
    """Remove the family's rows and blank its name in others; return what was done.

    Args:
        connection: In the transaction that has `erased_records`.
        subject: The family; its spellings are known.
        tables: Where to look, in an order that foreign keys allow.
        progress: Told how many tables have been looked at.
    """
    counts: Counts = Counter()
    for done, table in enumerate(tables, start=1):
        removed = _remove_own(connection, subject, table)
        blanked, named = _blank_mentions(connection, subject, table)
        if removed + named:
            counts[table.place, "removed"] += removed + named
        if blanked:
            counts[table.place, "redacted"] += blanked
        progress("searched", done, len(tables))
    return counts


def still_naming(
    connection: Connection, subject: Subject, tables: Sequence[NamedTable]
) -> Iterator[str]:
    """Yield the tables that still name the family."""
    for table in tables:
        condition, values = _mentions(subject, table, table.columns)
        if condition:
            query = f"select exists (select from {table.relation} where {condition})"  # noqa: S608 - identifiers are quoted, values bound
            if connection.execute(text(query), values).scalar_one():
                yield table.place


def _remove_own(connection: Connection, subject: Subject, table: NamedTable) -> int:
    names = {column.name for column in table.columns}
    conditions = []
    values: dict[str, object] = {}
    for column in sorted(names & KEYS):
        if subject.key:
            conditions.append(f"held.{quoted(column)}::text = :key")
            values["key"] = subject.key
    for column in sorted(names & CODES):
        conditions.append(f"held.{quoted(column)}::text = any(:codes)")
        values["codes"] = [name for name in subject.needles if name != subject.key]
        if subject.typed:
            conditions.append(f"held.{quoted(column)}::text ~* :typed")
            values["typed"] = subject.typed
    if {"form_id", "submission_id"} <= names:
        conditions.append(
            "(held.form_id::text, held.submission_id::text) in"
            " (select form_id, submission_id from erased_records)"
        )
    if "root_id" in names:
        conditions.append("held.root_id::text in (select root_id from erased_records)")
    if not conditions:
        return 0
    statement = f"delete from {table.relation} as held where {' or '.join(conditions)}"  # noqa: S608 - as above
    return connection.execute(text(statement), values).rowcount


def _blank_mentions(
    connection: Connection, subject: Subject, table: NamedTable
) -> tuple[int, int]:
    """Return how many rows were blanked, and how many removed as they cannot be."""
    blanked = 0
    columns = [column for column in table.columns if not column.is_key]
    condition, values = _mentions(subject, table, columns)
    if condition and not table.is_all_of_it:
        sets = ", ".join(
            f"{quoted(column.name)} = {_blanked(column)}"
            for column in columns
            if column.type_name in TEXTS
        )
        statement = f"update {table.relation} set {sets} where {condition}"  # noqa: S608 - as above
        values |= {
            "key": subject.key or "",
            "pattern": _pattern(subject),
            "erased": ERASED,
        }
        blanked = connection.execute(text(statement), values).rowcount
    condition, values = _mentions(subject, table, table.columns)
    if not condition:
        return blanked, 0
    statement = f"delete from {table.relation} where {condition}"  # noqa: S608 - as above
    removed = connection.execute(text(statement), values).rowcount
    return blanked, removed


def _blanked(column: Column) -> str:
    """Return SQL of a column without the family; a reference to it becomes none."""
    name = quoted(column.name)
    without = (
        f"cast(regexp_replace({name}::text, :pattern, :erased, 'gi')"
        f" as {column.type_name})"
    )
    if column.is_nullable and column.name.endswith("family_key"):
        return f"nullif({name}, :key)"
    return without


def _mentions(
    subject: Subject, table: NamedTable, columns: Sequence[Column]
) -> tuple[str, dict[str, object]]:
    """Return SQL for the rows that name the family, and its values; none is empty."""
    texts = [quoted(column.name) for column in columns if column.type_name in TEXTS]
    values: dict[str, object] = {
        "like": [f"%{escaped(needle)}%" for needle in subject.needles]
    }
    conditions = [f"{name}::text like any(:like)" for name in texts]
    if typed := subject.typed_anywhere if table.is_all_of_it else subject.typed:
        values |= {"typed": typed, "digits": subject.digits}
        conditions += [
            f"({name}::text ~ :digits and {name}::text ~* :typed)" for name in texts
        ]
    return (f"({' or '.join(conditions)})" if conditions else ""), values


def escaped(needle: str) -> str:
    """Return a text as `like` finds it, whatever signs it has."""
    return re.sub(r"([\\%_])", r"\\\1", needle)


def _pattern(subject: Subject) -> str:
    """Return a regular expression for what the family is called, for Postgres."""
    called = [re.sub(r"([^A-Za-z0-9-])", r"\\\1", one) for one in subject.needles]
    return "|".join([*called, *([subject.typed] if subject.typed else [])])
