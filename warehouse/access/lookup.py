"""The schema `access`: what the policies ask, and whose rows who is given."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from sqlalchemy import text

from warehouse.access.changes import Changes, value
from warehouse.access.entries import kind_of
from warehouse.access.registry import AccessRegistry

LOOKUP = Path(__file__).with_name("lookup.sql")
STANDS_AS = text("""
select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = 'access'
""")
RELATIONS = text("select relation::text from access.protected_relations order by 1")
Row = tuple[object, ...]


@cache
def _definition() -> tuple[str, str]:
    statements = LOOKUP.read_text()
    digest = hashlib.sha256(statements.encode()).hexdigest()
    return statements, f"What policies ask, as of definition {digest[:12]}."


def bring_lookup(changes: Changes) -> None:
    """Make the schema `access`, or anew what stands in it otherwise than here."""
    statements, comment = _definition()
    if changes.connection.execute(STANDS_AS).scalar() == comment:
        return
    changes.run("create schema if not exists access")
    changes.run(statements)
    changes.make(
        "public",
        "finds rows by new policies",
        f"comment on schema access is {value(comment)}",
    )


def bring_rows(changes: Changes, registry: AccessRegistry) -> list[str]:
    """Write who reads which sites and groups; return who is no longer named."""
    known = _names(changes, "select role_name from access.readers")
    known |= _names(changes, "select login from access.people")
    for role in sorted(_readers_that_differ(changes, registry)):
        _write_reader(changes, registry, role)
    gone = _names(changes, "select role_name from access.readers") - set(
        registry.readers
    )
    for role in sorted(gone):
        changes.make(
            role,
            "reads nothing any more",
            f"delete from access.readers where role_name = {value(role)}",  # noqa: S608 - our own names
        )
    _replace(changes, "sites", registry.countries.items())
    _replace(
        changes,
        "cohort_sites",
        ((code, site) for code, sites in registry.cohorts.items() for site in sites),
    )
    _replace(
        changes,
        "people",
        ((login, role) for login, roles in registry.people.items() for role in roles),
    )
    return sorted(known - set(registry.readers) - set(registry.people))


def protect_relations(changes: Changes) -> None:
    """Give every mart, table of share and release its readers and its rows' policy."""
    for relation in changes.connection.execute(RELATIONS).scalars().all():
        protect = text("select access.protect(cast(:relation as regclass))")
        asked = changes.connection.execute(protect, {"relation": relation})
        if asked.scalar_one():
            changes.note("public", f"finds the rows of {relation} by its policy")


def _names(changes: Changes, query: str) -> set[str]:
    return set(changes.connection.exec_driver_sql(query).scalars())


def _wanted_reader(
    registry: AccessRegistry, role: str
) -> tuple[Row, set[str], set[str]]:
    access = registry.readers[role]
    reader = (role, kind_of(role), access.sites == "all", access.totals)
    return reader, set(access.site_codes), set(access.groups or ())


def _readers_that_differ(changes: Changes, registry: AccessRegistry) -> Iterable[str]:
    rows = changes.connection.exec_driver_sql("""
        select
            readers.*,
            array(
                select site_code from access.reader_sites as sites
                where sites.role_name = readers.role_name
            ),
            array(
                select peer_group_code from access.reader_groups as member_groups
                where member_groups.role_name = readers.role_name
            )
        from access.readers as readers
    """)
    found = {row[0]: (tuple(row[:4]), set(row[4]), set(row[5])) for row in rows}
    return (
        role
        for role in registry.readers
        if found.get(role) != _wanted_reader(registry, role)
    )


def _write_reader(changes: Changes, registry: AccessRegistry, role: str) -> None:
    reader, sites, groups = _wanted_reader(registry, role)
    changes.run(f"delete from access.readers where role_name = {value(role)}")  # noqa: S608 - our own names
    _insert(changes, "readers", [reader])
    _insert(changes, "reader_sites", [(role, site) for site in sorted(sites)])
    _insert(changes, "reader_groups", [(role, group) for group in sorted(groups)])
    of_what = ", ".join(sorted(sites | groups)) or "all sites"
    totals = " and totals of others" if registry.readers[role].totals else ""
    changes.note(role, f"reads the rows of {of_what}{totals}")


def _replace(changes: Changes, table: str, rows: Iterable[Row]) -> None:
    wanted = set(rows)
    select = f"select * from access.{table}"  # noqa: S608 - one of our own tables
    if {tuple(row) for row in changes.connection.exec_driver_sql(select)} == wanted:
        return
    changes.run(f"delete from access.{table}")  # noqa: S608 - one of our own tables
    _insert(changes, table, sorted(wanted))
    changes.note("public", f"finds other {table.replace('_', ' ')} on record")


def _insert(changes: Changes, table: str, rows: list[Row]) -> None:
    for row in rows:
        places = ", ".join(["%s"] * len(row))
        changes.connection.exec_driver_sql(
            f"insert into access.{table} values ({places})",  # noqa: S608 - as above
            row,
        )
