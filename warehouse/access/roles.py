"""The roles themselves: made, brought to what they should be, and retired."""

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from sqlalchemy import text

from warehouse.access.changes import Changes, name, value
from warehouse.access.entries import kind_of
from warehouse.access.kinds import (
    GROUPS,
    READERS,
    WORKERS_WANTED,
    RoleWanted,
    person_wanted,
)
from warehouse.access.passwords import given_password, is_of, verifier_of
from warehouse.access.registry import AccessRegistry
from warehouse.errors import AccessError

READ_ROLES = text("""
select
    roles.rolname as role_name,
    roles.rolsuper as is_superuser,
    roles.rolcanlogin as can_login,
    roles.rolinherit
    and not (
        roles.rolcreatedb
        or roles.rolcreaterole
        or roles.rolreplication
        or roles.rolbypassrls
    ) as is_plain,
    roles.rolconnlimit as connection_limit,
    coalesce(roles.rolconfig, '{}') as settings,
    array(
        select held.rolname
        from pg_auth_members as members
        inner join pg_roles as held on members.roleid = held.oid
        where members.member = roles.oid
    ) as groups,
    shobj_description(roles.oid, 'pg_authid') as comment
from pg_roles as roles
where roles.rolname = any(:names)
""")
READ_PASSWORD = text("select rolpassword from pg_authid where rolname = :role")
MAY_READ_PASSWORDS = text("select has_table_privilege('pg_authid', 'select')")
PLAIN = "inherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls"

# Where else the role is one of ours: its login is another warehouse's to take.
OTHER_DATABASES = text("""
select distinct databases.datname
from
    pg_database as databases,
    aclexplode(databases.datacl) as grants
inner join pg_roles as roles on grants.grantee = roles.oid
where roles.rolname = :role and databases.datname <> current_database()
""")
# Whom a superuser makes, the database's owner is not, unless somebody says so.
OWNER_WITHOUT = text("""
select
    owners.rolname as owner_name,
    roles.rolname as role_name
from pg_database as databases
inner join pg_roles as owners on databases.datdba = owners.oid
inner join pg_roles as roles on roles.rolname = any(:names)
where
    databases.datname = current_database()
    and not owners.rolsuper
    and owners.rolname <> all(:names)
    and (select rolsuper from pg_roles where rolname = current_user)
    and not (
        pg_has_role(owners.oid, roles.oid, 'set')
        and pg_has_role(owners.oid, roles.oid, 'usage')
    )
""")


@dataclass(frozen=True, slots=True)
class RoleFound:
    """A role as the server has it. Attributes are those of `RoleWanted`."""

    role_name: str
    is_superuser: bool
    can_login: bool
    is_plain: bool
    connection_limit: int
    settings: list[str]
    groups: list[str]
    comment: str | None


def wanted_roles(registry: AccessRegistry) -> dict[str, RoleWanted]:
    """Return every role that there should be, those first that others are given."""
    groups = {
        group: RoleWanted(comment, has_login=False) for group, comment in GROUPS.items()
    }
    readers = {role: READERS[kind_of(role)] for role in registry.readers}
    people = {
        login: person_wanted(roles, is_analyst="analyst" in roles)
        for login, roles in registry.people.items()
    }
    return {**groups, **WORKERS_WANTED, **readers, **people}


def bring_roles(changes: Changes, wanted: Mapping[str, RoleWanted]) -> None:
    """Make every role that is not there, and bring the others to what they should be.

    Raises:
        AccessError: A role of this name is a superuser.
    """
    found = _found(changes, list(wanted))
    for role, as_wanted in wanted.items():
        there = found.get(role)
        if there is None:
            comment = f"comment on role {name(role)} is {value(as_wanted.comment)}"
            changes.make(role, "is made", f"create role {name(role)} {PLAIN} nologin")
            changes.run(comment)
            there = _found(changes, [role])[role]
        _bring(changes, there, as_wanted)
        if as_wanted.has_login:
            _bring_password(changes, there)


def give_to_owner(changes: Changes, wanted: Mapping[str, RoleWanted]) -> None:
    """Let who owns the database work as every role, as it may with those it makes.

    It keeps the books that workers write, and draws each lead's pages as that lead.
    """
    rows = changes.connection.execute(OWNER_WITHOUT, {"names": list(wanted)})
    for owner, role in rows.all():
        changes.make(
            role,
            f"may be taken by {owner}, who owns the database",
            f"grant {name(role)} to {name(owner)} with inherit true, set true",
        )


def retire_role(changes: Changes, role: str) -> None:
    """Take from a role that the registry no longer names all that was given to it."""
    found = _found(changes, [role]).get(role)
    if found is None:
        return
    elsewhere = changes.connection.execute(OTHER_DATABASES, {"role": role})
    if databases := sorted(elsewhere.scalars()):
        changes.note(
            role, f"keeps its login, which {', '.join(databases)} has given it too"
        )
        return
    for group in found.groups:
        changes.make(
            role, f"no longer has {group}", f"revoke {name(group)} from {name(role)}"
        )
    if found.can_login:
        changes.make(
            role,
            "may no longer log in",
            f"alter role {name(role)} nologin password null",
        )


def _found(changes: Changes, names: list[str]) -> dict[str, RoleFound]:
    rows = changes.connection.execute(READ_ROLES, {"names": names}).mappings()
    return {row["role_name"]: RoleFound(**row) for row in rows}


def _bring(changes: Changes, found: RoleFound, wanted: RoleWanted) -> None:
    role = found.role_name
    if found.is_superuser:
        raise AccessError(
            f"The role {role} is a superuser, which no reader or worker may be: rename "
            "it, or take that from it, and run this again."
        )
    if not found.is_plain:
        changes.make(
            role,
            "loses the rights of an administrator",
            f"alter role {name(role)} {PLAIN}",
        )
    if found.connection_limit != wanted.connection_limit:
        changes.make(
            role,
            f"has at most {wanted.connection_limit} connections",
            f"alter role {name(role)} connection limit {wanted.connection_limit}",
        )
    for setting, to in wanted.settings.items():
        if f"{setting}={to}" not in found.settings:
            changes.make(
                role,
                f"has {setting} = {to}",
                f"alter role {name(role)} set {setting} = {value(to)}",
            )
    _bring_groups(changes, found, wanted)


def _bring_groups(changes: Changes, found: RoleFound, wanted: RoleWanted) -> None:
    role = found.role_name
    for group in sorted(wanted.groups.difference(found.groups)):
        changes.make(role, f"has {group}", f"grant {name(group)} to {name(role)}")
    for group in sorted(set(found.groups) - wanted.groups):
        changes.make(
            role, f"no longer has {group}", f"revoke {name(group)} from {name(role)}"
        )


def _bring_password(changes: Changes, found: RoleFound) -> None:
    """Set the password that is given; without one, leave what there is."""
    role = found.role_name
    password = given_password(role)
    if password is None:
        return
    if found.can_login and _has_password(changes, role, password):
        return
    driver = changes.connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - the only driver we use
    verifier = verifier_of(driver, role, password)
    changes.make(
        role,
        "has the password that was given, and may log in",
        f"alter role {name(role)} login password {value(verifier)}",
    )


def _has_password(changes: Changes, role: str, password: str) -> bool:
    if not changes.connection.execute(MAY_READ_PASSWORDS).scalar_one():
        return False  # so it is set again, which harms nobody
    kept = changes.connection.execute(READ_PASSWORD, {"role": role}).scalar_one()
    return is_of(kept, password)
