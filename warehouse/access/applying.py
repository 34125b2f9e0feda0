"""Bring the database to what the registry says of access, in one transaction.

A plan is the same with the transaction taken back: what it says is what would be done.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from warehouse.access import lookup, ownership, privileges, roles
from warehouse.access.changes import Change, Changes
from warehouse.access.kinds import GROUPS
from warehouse.access.registry import AccessRegistry, load_access
from warehouse.connection import open_engine, reachable
from warehouse.errors import AccessError
from warehouse.tables import access_changes, create_all

LOG = logging.getLogger(__name__)
ADMIN_VARIABLE = "WAREHOUSE_ADMIN_URL"
# A number of our own: two that apply at once would each find roles missing.
APPLYING_LOCK = 20_220_701
# Of the transaction. No statement shows what a password is, and its verifier is not
# for a log either; whoever makes a role may then own tables for it.
SETTINGS = {
    "lock_timeout": "30s",
    "createrole_self_grant": "set, inherit",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
}
MAY_SET = text("""
select
    (select rolsuper from pg_roles where rolname = current_user)
    or not exists (
        select from pg_settings where name = :name and context = 'superuser'
    )
    or has_parameter_privilege(:name, 'set')
""")
IS_FIT = text("""
select rolsuper or rolcreaterole from pg_roles where rolname = current_user
""")


def apply(
    url: str | None = None, registry: AccessRegistry | None = None
) -> list[Change]:
    """Make roles, rows and grants as the registry says; return what was changed.

    Args:
        url: The warehouse, as somebody who may make roles and owns it. None takes
            `WAREHOUSE_ADMIN_URL`, or else `WAREHOUSE_URL`.
        registry: None loads it (see `load_access`).

    Raises:
        AccessError: An entry of the registry is wrong, the login may not make roles, or
            the database refused a change; nothing was changed.
        WarehouseUnavailableError: The database cannot be reached.
    """
    registry = registry or load_access()
    with _administrator(url) as engine:
        create_all(engine)
        with engine.begin() as connection:
            made = _bring(connection, registry)
            _record(connection, made)
    return made


def apply_where_allowed() -> list[Change]:
    """Apply as the administrator that is given, or as who works if that is one.

    Where neither is, access stays what somebody applied by hand: who lands and builds
    need not be trusted with roles.
    """
    if not admin_url():
        engine = open_engine()
        with reachable(engine) as connection:
            is_fit = connection.execute(IS_FIT).scalar_one()
        engine.dispose()
        if not is_fit:
            LOG.warning(
                "Access is left as it is: this login may make no roles, and %s is not "
                "set. Run `python -m warehouse access apply` as an administrator.",
                ADMIN_VARIABLE,
            )
            return []
    return apply()


def plan(
    url: str | None = None, registry: AccessRegistry | None = None
) -> list[Change]:
    """Return what `apply` would change; arguments and errors are its own."""
    registry = registry or load_access()
    with _administrator(url) as engine, engine.connect() as connection:
        return _bring(connection, registry)  # never committed


def admin_url(url: str | None = None) -> str | None:
    """Return the address of who may make roles; None is `WAREHOUSE_URL`."""
    return url or os.environ.get(ADMIN_VARIABLE) or None


@contextmanager
def _administrator(url: str | None) -> Iterator[Engine]:
    engine = open_engine(admin_url(url))
    try:
        with reachable(engine) as connection:
            if not connection.execute(IS_FIT).scalar_one():
                raise AccessError(
                    f"{engine.url.username} may make no roles: set {ADMIN_VARIABLE} to "
                    "a login that may (CREATEROLE) and owns the warehouse's database."
                )
        yield engine
    except (OperationalError, ProgrammingError) as error:
        said = str(error.orig).strip().partition("\n")[0]
        raise AccessError(
            f"Access could not be brought to what the registry says: {said}. Nothing "
            "was changed: mend it, or if tables were in use try again."
        ) from error
    finally:
        engine.dispose()


def _bring(connection: Connection, registry: AccessRegistry) -> list[Change]:
    connection.execute(text(f"select pg_advisory_xact_lock({APPLYING_LOCK})"))
    for setting, to in SETTINGS.items():
        if connection.execute(MAY_SET, {"name": setting}).scalar_one():
            connection.execute(
                text("select set_config(:setting, :to, true)"),
                {"setting": setting, "to": to},
            )
    changes = Changes(connection)
    wanted = roles.wanted_roles(registry)
    roles.bring_roles(changes, wanted)
    roles.give_to_owner(changes, wanted)
    lookup.bring_lookup(changes)
    for role in lookup.bring_rows(changes, registry):
        roles.retire_role(changes, role)
    ownership.bring_owners(changes)
    logins = [role for role in wanted if role not in GROUPS]
    privileges.bring_privileges(changes, logins, lists_names=registry.lists_names)
    privileges.close_functions_to_come(changes)
    lookup.protect_relations(changes)
    return changes.made


def _record(connection: Connection, made: list[Change]) -> None:
    if made:
        connection.execute(
            insert(access_changes),
            [{"role_name": change.role, "change": change.what} for change in made],
        )
