"""Bring a database to the version of the code, if it is of another."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, MetaData, text

from warehouse.errors import MigrationError

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent
VERSION_TABLE, VERSION_SCHEMA = "schema_version", "ops"
LOG = logging.getLogger(__name__)

# Whatever version made it, it has a table of ours.
HAS_TABLES = text("""
select exists (
    select from pg_tables
    where
        schemaname in ('raw', 'pii')
        or (schemaname = 'ops' and tablename = 'sync_runs')
)
""")
HAS_VERSION = text("select to_regclass('ops.schema_version') is not null")
VERSION = text("select version_num from ops.schema_version")
# As Alembic makes it: an empty database needs nothing else of Alembic, which takes half
# a second to import.
MAKE_VERSION = text("""
create table ops.schema_version (
    version_num varchar(32) not null constraint schema_version_pkc primary key
)
""")
DESCRIBE = (
    text(
        "comment on table ops.schema_version is 'One row: of which version these are.'"
    ),
    text(
        "comment on column ops.schema_version.version_num is "
        "'The last of warehouse/migrations/versions that was applied.'"
    ),
)
WRITE_VERSION = text("insert into ops.schema_version values (:version)")


def newest_version() -> str:
    """Return the version that the code is of: that of the last file in `versions`."""
    return max(path.stem[1:5] for path in (FOLDER / "versions").glob("m[0-9]*.py"))


def bring_up_to_date(connection: Connection, metadata: MetaData) -> None:
    """Give an empty database today's tables, and any other what it lacks.

    Args:
        connection: In a transaction that nobody shares: all is done or nothing.
        metadata: Today's tables. Their schemas are there.

    Raises:
        MigrationError: The database is of a newer version than the code.
    """
    newest = newest_version()
    if connection.execute(HAS_VERSION).scalar_one():
        version = connection.execute(VERSION).scalar()
        if version == newest:
            return
        _require_known(str(version), newest)
        _migrate(connection, newest)
    elif connection.execute(HAS_TABLES).scalar_one():
        _migrate(connection, newest)
    else:
        metadata.create_all(connection)
        connection.execute(MAKE_VERSION)
        connection.execute(WRITE_VERSION, {"version": newest})
    for words in DESCRIBE:
        connection.execute(words)


def propose(engine: Engine, what: str) -> Path:
    """Write a migration from what differs between a database and the code's tables.

    Args:
        engine: On a database of the last version.
        what: What it does, in a few words.

    Returns:
        The file, to be read and corrected.
    """
    from alembic import command  # noqa: PLC0415 - as below

    number = f"{int(newest_version()) + 1:04d}"
    with engine.connect() as connection:
        script = command.revision(
            _config(connection), message=what, autogenerate=True, rev_id=number
        )
    if script is None or isinstance(script, list):
        raise MigrationError("Alembic wrote no migration: see what it said above.")
    return Path(script.path)


def _migrate(connection: Connection, newest: str) -> None:
    # Here and not above: only a database of an earlier version needs it.
    from alembic import command  # noqa: PLC0415

    LOG.info("The warehouse's tables are brought to version %s.", newest)
    command.upgrade(_config(connection), "head")


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    # Alembic reads a percent sign in a path as a reference.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "m%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _require_known(version: str, newest: str) -> None:
    if version > newest:
        raise MigrationError(
            f"The warehouse's tables are of version {version}, newer than this code's "
            f"{newest}: run the newer code, or restore a backup of before."
        )
