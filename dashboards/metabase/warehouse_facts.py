"""What is asked of the warehouse before anything is said to Metabase."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, text
from sqlalchemy.exc import StatementError

from dashboards.demands import columns_needed
from dashboards.errors import QueryError
from dashboards.metabase.wanted.compiling import Facts
from dashboards.queries import snapshot
from dashboards.spec import NoteCard
from dashboards.spec_file import Spec

LIVE = "live"
DESCRIPTIONS = """
select
    namespaces.nspname as schema_name,
    relations.relname as table_name,
    attributes.attname as column_name,
    descriptions.description
from pg_description as descriptions
inner join pg_class as relations
    on
        descriptions.objoid = relations.oid
        and descriptions.classoid = 'pg_class'::regclass
inner join pg_namespace as namespaces on relations.relnamespace = namespaces.oid
left join pg_attribute as attributes
    on
        descriptions.objoid = attributes.attrelid
        and descriptions.objsubid = attributes.attnum
        and attributes.attnum > 0
where namespaces.nspname in ('share', 'marts')
"""
RELEASES = "select distinct release_code from share.metric_values"


@dataclass(frozen=True, slots=True)
class WarehouseFacts:
    """What specs need to know, and what tables and columns mean.

    Attributes:
        facts: For the specs.
        descriptions: By schema, table and column; of the table itself under None.
    """

    facts: Facts
    descriptions: dict[tuple[str, str, str | None], str] = field(default_factory=dict)


def read_facts(url: str | None, specs: Sequence[Spec]) -> WarehouseFacts:
    """Ask the warehouse.

    Raises:
        QueryError: A query fails, or does not return what its card names.
        WarehouseError: The warehouse cannot be reached.
    """
    with snapshot(url) as connection:
        columns = {
            (spec.name, name): _columns(connection, spec, name)
            for spec in specs
            for name in spec.queries
        }
        for spec in specs:
            _check_cards(spec, columns)
        releases = [str(row[0]) for row in _rows(connection, RELEASES, "releases")]
        described = {
            (str(row[0]), str(row[1]), str(row[2]) if row[2] else None): str(row[3])
            for row in _rows(connection, DESCRIPTIONS, "descriptions")
        }
    ordered = sorted(set(releases) - {LIVE}, reverse=True)
    return WarehouseFacts(Facts(columns, [LIVE, *ordered]), described)


def _columns(connection: Connection, spec: Spec, name: str) -> frozenset[str]:
    """Return what a query returns, without running it."""
    sql = spec.queries[name].strip().rstrip(";")
    statement = text(f"select * from (\n{sql}\n) as asked limit 0")  # noqa: S608 - ours
    given = _given(spec, name)
    try:
        with connection.begin_nested():
            return frozenset(connection.execute(statement, given).keys())
    except StatementError as error:
        reason = str(error.orig).splitlines()[0].rstrip(".")
        raise QueryError(f"{spec.name}, {name}.sql: the query failed: {reason}.") from (
            error
        )


def _given(spec: Spec, name: str) -> dict[str, str]:
    """Return the values that a card gives the query; any of them will do here."""
    for card in spec.dashboard.cards:
        if not isinstance(card, NoteCard) and card.query_name == name:
            return dict(card.parameters)
    return {}


def _check_cards(spec: Spec, columns: dict[tuple[str, str], frozenset[str]]) -> None:
    for card in spec.dashboard.cards:
        if isinstance(card, NoteCard):
            continue
        found = columns[spec.name, card.query_name]
        missing = sorted(columns_needed(card) - found)
        if missing:
            raise QueryError(
                f"{spec.name}, card {card.id}: the query does not return "
                f"{', '.join(missing)}, which the card names."
            )


def _rows(connection: Connection, sql: str, what: str) -> list[tuple[object, ...]]:
    try:
        with connection.begin_nested():
            return [tuple(row) for row in connection.execute(text(sql))]
    except StatementError as error:
        reason = str(error.orig).splitlines()[0].rstrip(".")
        raise QueryError(
            f"The warehouse does not tell its {what}: {reason}. Build it first: its "
            "tables come from dbt."
        ) from error
