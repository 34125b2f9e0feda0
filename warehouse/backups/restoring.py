"""Read a backup into an empty database, whole or not at all."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from warehouse.backups.manifest import (
    Manifest,
    checksum,
    read_manifest,
    server_version,
)
from warehouse.backups.programs import Progress, no_progress, program, run
from warehouse.backups.writing import COUNT_TABLES
from warehouse.connection import open_engine, reachable, warehouse_url
from warehouse.errors import BackupError

MAINTENANCE = "postgres"  # every server has it, and a connection needs some database
IS_SUPERUSER = text("select rolsuper from pg_roles where rolname = current_user")
ROLE_NAMES = text("select rolname from pg_roles")


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was restored.

    Attributes:
        database: Into which database.
        table_count: Tables that it has now.
        roles: Roles that were missing on the server and were made, without passwords.
    """

    database: str
    table_count: int
    roles: tuple[str, ...]


def restore(
    file: Path,
    *,
    url: str | None = None,
    database: str | None = None,
    progress: Progress = no_progress,
) -> Restored:
    """Read a backup into an empty database; one that does not exist is made.

    Args:
        file: The backup; its manifest stands beside it.
        url: The warehouse. None takes `WAREHOUSE_URL`.
        database: Another database of the same server than the URL names.
        progress: Told what is being done.

    Raises:
        BackupError: The file is not whole, the database is not empty or it could not
            be restored; the database is then as it was.
        WarehouseUnavailableError: The server cannot be reached.
    """
    manifest = _whole(file)
    target = warehouse_url(url)
    if database:
        target = target.set(database=database)
    _ensure_database(target)
    engine = open_engine(target.render_as_string(hide_password=False))
    try:
        with reachable(engine) as connection:
            _require_empty(connection, str(target.database))
            program_path = program("pg_restore", server_version(connection))
            made = _ensure_roles(connection, manifest)
            is_superuser = connection.execute(IS_SUPERUSER).scalar_one()
        command: list[str | Path] = [
            program_path,
            "--single-transaction",
            "--exit-on-error",
        ]
        # Only a superuser may give tables to others; else they are the restorer's.
        command += [] if is_superuser else ["--no-owner"]
        run([*command, file.absolute()], engine.url, progress)  # it stands elsewhere
        with engine.connect() as connection:
            count = connection.execute(COUNT_TABLES).scalar_one()
    finally:
        engine.dispose()
    return Restored(str(target.database), count, made)


def _whole(file: Path) -> Manifest:
    if not file.is_file():
        raise BackupError(f"There is no backup {file}: give the path of a .dump file.")
    manifest = read_manifest(file)
    if file.stat().st_size != manifest.bytes or checksum(file) != manifest.sha256:
        raise BackupError(
            f"{file} is not as it was written (its checksum differs): copy it again, "
            "or take another backup."
        )
    return manifest


def _ensure_database(url: URL) -> None:
    maintenance = url.set(drivername="postgresql", database=MAINTENANCE)
    with _server(maintenance) as connection:
        there = connection.execute(
            "select from pg_database where datname = %s", [url.database]
        ).fetchone()
        if there is not None:
            return
        try:
            name = sql.Identifier(str(url.database))
            connection.execute(sql.SQL("create database {}").format(name))
        except psycopg.Error as error:
            raise BackupError(
                f"The database {url.database} does not exist and could not be made "
                f"(SQLSTATE {error.sqlstate}): make it as an administrator, empty."
            ) from None


def _server(url: URL) -> psycopg.Connection[Any]:
    # SQLAlchemy's engine would begin a transaction, and no database is made in one.
    engine = open_engine(url.render_as_string(hide_password=False))
    try:
        with reachable(engine):
            pass
    finally:
        engine.dispose()
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def _require_empty(connection: Connection, database: str) -> None:
    if count := connection.execute(COUNT_TABLES).scalar_one():
        raise BackupError(
            f"The database {database} is not empty ({count} tables), and nothing of it "
            "was touched: restore into another one with --database, or drop this one."
        )


def _ensure_roles(connection: Connection, manifest: Manifest) -> tuple[str, ...]:
    """Make the roles that are missing: what they may do is in the backup itself."""
    there = set(connection.execute(ROLE_NAMES).scalars())
    missing = [role for role in manifest.roles if role["name"] not in there]
    quote = connection.dialect.identifier_preparer.quote_identifier
    # Who is no superuser may else give these roles nothing: `access apply` would fail.
    statements = ["set local createrole_self_grant = 'set, inherit'"] if missing else []
    statements += [
        f"create role {quote(role['name'])} "
        f"{'login' if role['can_login'] else 'nologin'}"
        for role in missing
    ]
    statements += [
        f"grant {quote(group)} to {quote(role['name'])}"
        for role in missing
        for group in role["member_of"]
    ]
    try:
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.commit()
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        names = ", ".join(role["name"] for role in missing)
        raise BackupError(
            f"The backup names roles that this server does not have ({names}), and "
            f"they could not be made (SQLSTATE {state}): restore as an account that "
            "may create roles."
        ) from None
    return tuple(role["name"] for role in missing)
