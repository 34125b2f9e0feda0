"""Write a backup: whole or not at all, and only then remove the oldest."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from warehouse.backups.manifest import (
    Manifest,
    checksum,
    manifest_path,
    roles,
    server_version,
)
from warehouse.backups.programs import Progress, no_progress, program, run
from warehouse.connection import open_engine, reachable
from warehouse.erasure import seal_and_list
from warehouse.errors import BackupError, ErasureError

FOLDER_VARIABLE = "WAREHOUSE_BACKUPS"
KEPT_VARIABLE = "WAREHOUSE_BACKUPS_KEPT"
KEPT = 14
# A superuser's functions, which nobody else could restore; a server has its own.
OF_THE_SERVER = "server_log"
NAME = re.compile(r"warehouse_\d{8}T\d{6}Z\.dump")
LOCK = text("select pg_try_advisory_lock(hashtextextended('backup', 0))")
COUNT_TABLES = text("""
select count(*) from pg_class as tables
inner join pg_namespace as schemas on tables.relnamespace = schemas.oid
where
    tables.relkind in ('r', 'p')
    and schemas.nspname <> 'information_schema'
    and schemas.nspname not like 'pg\\_%'
""")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was written.

    Attributes:
        file: Where; its manifest stands beside it.
        manifest: What it says of itself.
        removed: Older backups that were removed.
    """

    file: Path
    manifest: Manifest
    removed: tuple[Path, ...]


def back_up(
    now: datetime,
    *,
    folder: Path | None = None,
    kept: int | None = None,
    url: str | None = None,
    progress: Progress = no_progress,
) -> Backup:
    """Write every schema of the warehouse into one file.

    Args:
        now: UTC; names the file.
        folder: Where. None takes `WAREHOUSE_BACKUPS`.
        kept: How many backups stay, this one among them. None takes
            `WAREHOUSE_BACKUPS_KEPT`, or 14.
        url: The warehouse. None takes `WAREHOUSE_URL`.
        progress: Told what is being done.

    Raises:
        BackupError: It could not be written; older backups are as they were.
        ErasureError: It is written, and the list of erasures beside it could not be.
        WarehouseUnavailableError: The database cannot be reached.
    """
    folder = (folder or backup_folder()).absolute()  # the program stands elsewhere
    kept = kept or _kept()
    engine = open_engine(url)
    try:
        with reachable(engine) as connection, _alone(connection, folder):
            problem = _list_problem(engine, folder)
            file = folder / f"warehouse_{now:%Y%m%dT%H%M%SZ}.dump"
            partial = file.with_suffix(".dump.partial")
            dump = program("pg_dump", server_version(connection))
            run(
                [
                    dump,
                    "--format=custom",
                    f"--exclude-schema={OF_THE_SERVER}",
                    f"--file={partial}",
                ],
                engine.url,
                progress,
            )
            manifest = Manifest(
                written_at=now.isoformat(),
                database=str(engine.url.database),
                postgres_version=server_version(connection),
                bytes=partial.stat().st_size,
                sha256=checksum(partial),
                table_count=connection.execute(COUNT_TABLES).scalar_one(),
                roles=roles(connection),
            )
            _on_disk(partial)
            # The file first: a manifest says that a backup is whole.
            partial.replace(file)
            manifest.write(manifest_path(file))
            removed = _remove_oldest(folder, kept)
    finally:
        engine.dispose()
    if problem:
        raise ErasureError(f"{file} is written, and its list is not: {problem}")
    return Backup(file, manifest, removed)


def newest_backup(folder: Path) -> Path | None:
    """Return the newest backup that is whole, None where there is none."""
    found = _backups(folder)
    return found[-1] if found else None


def backup_folder() -> Path:
    """Return the folder of the setting.

    Raises:
        BackupError: It is not set, or is no folder.
    """
    if folder := folder_if_set():
        return folder
    raise BackupError(
        f"The environment variable {FOLDER_VARIABLE} is not set: give it a folder for "
        "backups, on another disk than the warehouse's."
    )


def folder_if_set(environment: Mapping[str, str] | None = None) -> Path | None:
    """Return the folder of the setting, None where it is not set.

    Args:
        environment: Where it is looked up. None takes the process'.

    Raises:
        BackupError: It is the address of a store.
    """
    values = os.environ if environment is None else environment
    value = values.get(FOLDER_VARIABLE, "").strip()
    if "://" in value:
        raise BackupError(
            f"{FOLDER_VARIABLE} is the address of a store, and backups are written to "
            "a folder: give it one, and copy what is in it to the store."
        )
    return Path(value) if value else None


def _list_problem(engine: Engine, folder: Path) -> ErasureError | None:
    """Return why the list of erasures is not as it should be: told after the backup.

    A warehouse without any backup is the greater loss.
    """
    try:
        with engine.begin() as connection:
            seal_and_list(connection, folder)
    except ErasureError as error:
        return error
    except OperationalError as error:  # a full disk of the server's, say
        state = getattr(error.orig, "sqlstate", None)
        return ErasureError(
            f"The database could not keep the key of the list (SQLSTATE {state}): see "
            "whether its server has room, and back up again."
        )
    return None


def _kept() -> int:
    value = os.environ.get(KEPT_VARIABLE) or str(KEPT)
    if not value.isdigit() or not int(value):
        raise BackupError(
            f"{KEPT_VARIABLE} is {value!r}: it says how many backups stay, 1 or more."
        )
    return int(value)


def _backups(folder: Path) -> list[Path]:
    """Return the backups of ours that are whole, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if NAME.fullmatch(path.name) and manifest_path(path).exists()
    )


@contextmanager
def _alone(connection: Connection, folder: Path) -> Iterator[None]:
    """Keep other backups away, and what one that was killed has left."""
    try:
        is_alone = connection.execute(LOCK).scalar_one()
    except ProgrammingError as error:  # taken from those who only read
        raise BackupError(
            f"{connection.engine.url.username} may not back up ({error.orig}): "
            "do it as the owner of the tables."
        ) from None
    if not is_alone:
        raise BackupError(
            "Another backup of this warehouse is being written: wait until it ends."
        )
    # The lock is the session's, and no transaction shall stay open for hours.
    connection.commit()
    mask = os.umask(0o077)  # it holds people's names
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_partial(folder)
        yield
    except OSError as error:
        raise BackupError(
            f"The backup could not be written to {folder} ({error.strerror}): give it "
            "room and the right to write there."
        ) from error
    finally:
        os.umask(mask)
        _remove_partial(folder)


def _remove_partial(folder: Path) -> None:
    for path in folder.glob("warehouse_*.partial"):
        path.unlink(missing_ok=True)


def _on_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _remove_oldest(folder: Path, kept: int) -> tuple[Path, ...]:
    old = _backups(folder)[:-kept]
    for path in old:
        # The manifest first: without it, what is left is no backup.
        manifest_path(path).unlink()
        path.unlink()
    return tuple(old)
