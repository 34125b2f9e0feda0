"""Write a release into its schema: all of it in one transaction, or nothing."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, text
from sqlalchemy.schema import CreateSchema

from warehouse.account import account_here
from warehouse.errors import ReleaseError
from warehouse.releases.definition import Release
from warehouse.releases.hashing import Content, content_of, quoted
from warehouse.releases.mart_queries import MartQuery
from warehouse.tables import frozen_releases

INFORMATION = "release_information"
# SQL without parameters: a percent sign stands for itself.
AS_IT_STANDS = {"no_parameters": True}

CREATE_INFORMATION = """
create table {information} (
    table_name text primary key,
    release_code text not null,
    known_as_of timestamptz not null,
    start_month date not null,
    end_month date not null,
    git_commit text,
    project_version text not null,
    row_count bigint not null,
    content_hash text not null,
    frozen_at timestamptz not null
)
"""
DESCRIBE_INFORMATION = """
comment on table {information} is
'One row per table of this frozen release: what it was made of, how many rows it has,
and a SHA-256 hash of them. `python -m warehouse verify-release` compares.'
"""
ADD_INFORMATION = """
insert into {information} values (
    :table_name, :release_code, :known_as_of, :start_month, :end_month, :git_commit,
    :project_version, :row_count, :content_hash, now()
)
"""

CREATE_GUARD = """
create or replace function ops.refuse_change_of_release() returns trigger
language plpgsql as $$
begin
    raise exception '%.% is part of a frozen release and is never written again',
        tg_table_schema, tg_table_name
        using hint = 'Publish what is known now under another release code.';
end
$$
"""
ADD_GUARD = """
create trigger release_is_frozen
before insert or update or delete or truncate on {relation}
for each statement execute function ops.refuse_change_of_release()
"""
# Frozen tables belong to marts: whoever may read those reads these, their own rows.
HAS_ACCESS = "select to_regprocedure('access.protect(regclass)') is not null"
PROTECT = "select access.protect(cast(:relation as regclass))"
LET_READ = "grant usage on schema {schema} to reads_marts"
COLUMNS = """
select string_agg(quote_ident(attname), ', ' order by attnum)
from pg_attribute
where attrelid = to_regclass(:relation) and attnum > 0 and not attisdropped
"""
SCHEMA_EXISTS = "select exists (select from pg_namespace where nspname = :schema)"


def freeze(  # noqa: PLR0913 - what is on record of a release
    connection: Connection,
    release: Release,
    queries: Sequence[MartQuery],
    *,
    git_commit: str | None,
    project_version: str,
    frozen_by: str | None = None,
) -> dict[str, Content]:
    """Copy the release's rows of every mart, note what they are and close the schema.

    Args:
        connection: In a transaction, which the caller commits.
        release: What to freeze.
        queries: Its marts, in an order in which each finds those it reads.
        git_commit: Of the code that computed it, where known.
        project_version: Of the dbt project.
        frozen_by: Who agreed to it; None is the account that runs the command.

    Raises:
        ReleaseError: The schema exists, or the release has no figure.
    """
    if connection.execute(text(SCHEMA_EXISTS), {"schema": release.schema}).scalar_one():
        raise ReleaseError(
            f"A schema {release.schema} exists that is on record as no frozen release: "
            "look at what it is, and rename or drop it."
        )
    connection.execute(CreateSchema(release.schema))
    contents = {
        query.name: _copy(connection, release.schema, query) for query in queries
    }
    if not contents.get("fct_metric_values", Content(0, "")).row_count:
        raise ReleaseError(
            f"Release {release.code} has no figure: look at its window in releases.csv "
            "and at what has landed."
        )
    about = {
        "release_code": release.code,
        "known_as_of": release.known_as_of,
        "start_month": release.start_month,
        "end_month": release.end_month,
        "git_commit": git_commit,
        "project_version": project_version,
    }
    _note(connection, release.schema, about, contents, frozen_by or account_here())
    _close(connection, release.schema, [*contents, INFORMATION])
    _protect(connection, release.schema, [*contents, INFORMATION])
    return contents


def _copy(connection: Connection, schema: str, query: MartQuery) -> Content:
    """Make a table like the mart, comments and key included, and fill it."""
    relation, mart = quoted(schema, query.name), quoted("marts", query.name)
    connection.exec_driver_sql(f"create table {relation} (like {mart} including all)")
    connection.exec_driver_sql(
        f"comment on table {relation} is 'Frozen: {query.name} as it was released.'"
    )
    columns = connection.execute(text(COLUMNS), {"relation": relation}).scalar_one()
    connection.exec_driver_sql(
        f"insert into {relation} ({columns}) select {columns} "  # noqa: S608 - our own names
        f"from (\n{query.sql}\n) as computed",
        execution_options=AS_IT_STANDS,
    )
    found = content_of(connection, schema, query.name)
    assert found is not None  # noqa: S101 - it was just made
    return found


def _note(
    connection: Connection,
    schema: str,
    about: dict[str, object],
    contents: dict[str, Content],
    frozen_by: str,
) -> None:
    information = quoted(schema, INFORMATION)
    for statement in (CREATE_INFORMATION, DESCRIBE_INFORMATION):
        connection.exec_driver_sql(statement.format(information=information))
    for table, content in contents.items():
        row = {
            "table_name": table,
            "row_count": content.row_count,
            "content_hash": content.content_hash,
        }
        add = text(ADD_INFORMATION.format(information=information))
        connection.execute(add, about | row)
    found = content_of(connection, schema, INFORMATION)
    assert found is not None  # noqa: S101 - it was just made
    now = connection.execute(text("select now()")).scalar_one()
    on_record = {
        "schema_name": schema,
        "information_hash": found.content_hash,
        "frozen_at": now,
        "frozen_by": frozen_by,
    }
    connection.execute(insert(frozen_releases).values(about | on_record))


def _close(connection: Connection, schema: str, tables: Sequence[str]) -> None:
    connection.exec_driver_sql(CREATE_GUARD, execution_options=AS_IT_STANDS)
    for table in tables:
        connection.exec_driver_sql(ADD_GUARD.format(relation=quoted(schema, table)))


def _protect(connection: Connection, schema: str, tables: Sequence[str]) -> None:
    """Let readers have their own rows, where access was applied; else it is applied."""
    if not connection.execute(text(HAS_ACCESS)).scalar_one():
        return
    connection.exec_driver_sql(LET_READ.format(schema=quoted(schema)))
    for table in tables:
        relation = quoted(schema, table)
        connection.execute(text(PROTECT), {"relation": relation})
