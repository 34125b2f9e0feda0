"""`warehouse_docs/who_can_read_what.md`: what the database grants, as a page to read.

It is made from the grants and policies of a built warehouse where access was applied,
so it shows what is and not what was meant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from warehouse.access.kinds import READERS, WORKERS

PAGE = Path(__file__).parents[2] / "warehouse_docs" / "who_can_read_what.md"
INTRODUCTION = """\
# Who can read what

Made from a warehouse that holds the pilot, by `python -m warehouse access document
--write`; without `--write` it says whether this page is as the database is. How rows
are chosen and why:
`decisions/0013-the-database-decides-whose-rows-a-role-reads.md`. How to give and take
access: `recipes/access.md`.

Nobody else reads anything: `PUBLIC` has no right on the database or on what is in it,
and no reader may write, make tables or call what could hold up others. Administrators
of the server and whoever owns the database read everything, so they are few.

"""
EXPLANATION = """\
A cell says which rows: *own* are those of the role's sites or groups, *all* is a list
or a table without a rule for rows, *part* is without the columns that hold what people
sent as they sent it.

`publisher` may call `ops.families_of_form_media` and `ops.groups_of_form_media`, which
give it the lists that forms read. Where the registry has names on a list (`names:
true`), it also reads names and family codes of `pii.family_contacts`, and nothing else.

`reviewer` may call `ops.texts_to_review`, which gives it the words of families that
somebody else may see one day, and `ops.take_text_back`; it decides in
`pii.text_reviews`.
"""
READ_READERS = text("""
select
    readers.role_name,
    readers.kind_code,
    case
        when readers.reads_all_sites then 'all sites'
        else coalesce(sites.codes, member_groups.codes)
    end as whose,
    readers.reads_totals
from access.readers as readers
left join lateral (
    select string_agg(reader_sites.site_code, ', ' order by reader_sites.site_code)
    from access.reader_sites as reader_sites
    where reader_sites.role_name = readers.role_name
) as sites (codes) on true
left join lateral (
    select
        string_agg(
            reader_groups.peer_group_code, ', ' order by reader_groups.peer_group_code
        )
    from access.reader_groups as reader_groups
    where reader_groups.role_name = readers.role_name
) as member_groups (codes) on true
order by readers.role_name
""")
# For a role of each kind, and the loader and the transformer.
READ_RELATIONS = text("""
select
    namespace.nspname as schema_name,
    class.relname as table_name,
    case
        when namespace.nspname in ('marts', 'share') and class.relkind <> 'v'
            then access.row_rule(class.oid)
    end as rule,
    array(
        select roles.role_name
        from unnest(cast(:roles as text[])) as roles (role_name)
        where
            has_schema_privilege(roles.role_name, namespace.oid, 'usage')
            and has_table_privilege(roles.role_name, class.oid, 'select')
    ) as read_by,
    array(
        select roles.role_name
        from unnest(cast(:roles as text[])) as roles (role_name)
        where
            has_schema_privilege(roles.role_name, namespace.oid, 'usage')
            and has_any_column_privilege(roles.role_name, class.oid, 'select')
    ) as read_in_part_by
from pg_class as class
inner join pg_namespace as namespace on class.relnamespace = namespace.oid
where
    class.relkind in ('r', 'v', 'p')
    and namespace.nspname in (
        'raw', 'pii', 'ops', 'reference', 'staging', 'intermediate', 'marts', 'share'
    )
order by 1, 2
""")
WHOLE_SCHEMAS = {"staging", "intermediate", "reference"}


@dataclass(frozen=True, slots=True)
class _Relation:
    schema_name: str
    table_name: str
    rule: str | None
    read_by: frozenset[str]
    read_in_part_by: frozenset[str]


def page(connection: Connection) -> str:
    """Return the page as it should be, for the warehouse as it is."""
    readers = [tuple(row) for row in connection.execute(READ_READERS)]
    # Roles of a kind differ in whose rows they read, not in which tables.
    of_kind = {str(kind): str(role) for role, kind, *_ in readers}
    roles = {**{kind: of_kind[kind] for kind in READERS if kind in of_kind}}
    roles |= {worker: worker for worker in WORKERS}
    rows = connection.execute(READ_RELATIONS, {"roles": list(roles.values())})
    relations = [
        _Relation(row[0], row[1], row[2], frozenset(row[3]), frozenset(row[4]))
        for row in rows
    ]
    return "\n".join(
        [
            INTRODUCTION + "## Roles\n",
            *_table(("Role", "Rows of", "Schemas"), map(_reader, readers)),
            "",
            "## Tables\n",
            EXPLANATION,
            *_table(
                ("Table", "Own rows by", *roles),
                _relation_rows(relations, roles),
            ),
            "",
        ]
    )


def _reader(row: tuple[object, ...]) -> tuple[str, ...]:
    role, kind, whose, reads_totals = row
    schemas = {
        "analyst": "marts, releases, share",
        "lead": "share and its names in marts",
        "metabase": "share and its names in marts",
        "liaison": "marts with peer groups",
    }[str(kind)]
    more = "; totals of others" if reads_totals else ""
    return (f"`{role}`", f"{whose}{more}", schemas)


def _relation_rows(
    relations: list[_Relation], roles: Mapping[str, str]
) -> Iterable[tuple[str, ...]]:
    for schema in sorted(WHOLE_SCHEMAS):
        inside = [each for each in relations if each.schema_name == schema]
        cells = (_whole(inside, role) for role in roles.values())
        yield (f"`{schema}.*`", "", *cells)
    for each in relations:
        if each.schema_name not in WHOLE_SCHEMAS:
            cells = (_cell(each, role) for role in roles.values())
            relation = f"`{each.schema_name}.{each.table_name}`"
            yield (relation, _columns_of(each.rule), *cells)


def _whole(relations: list[_Relation], role: str) -> str:
    return "all" if all(role in each.read_by for each in relations) else ""


def _cell(relation: _Relation, role: str) -> str:
    if role in relation.read_by:
        return "own" if relation.rule and role not in WORKERS else "all"
    return "part" if role in relation.read_in_part_by else ""


def _columns_of(rule: str | None) -> str:
    """Return which of a table's columns say whose a row is."""
    names = (
        "site_code",
        "peer_group_code",
        "scope_code",
        "cohort_code",
        "country_code",
    )
    said = [name for name in names if f"{name} = any" in (rule or "")]
    return ", ".join(said)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]
