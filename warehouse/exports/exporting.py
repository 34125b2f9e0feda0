"""One export: looked at, written aside, put on record, and then moved into place."""

import csv
import hashlib
import json
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from warehouse.connection import open_engine, reachable
from warehouse.errors import ExportError
from warehouse.exports.anonymity import (
    Anonymity,
    Changes,
    profiles_of,
    require_anonymity,
)
from warehouse.exports.columns import (
    ExportColumn,
    columns_of,
    dictionary,
    require_known,
)
from warehouse.exports.formats import FORMATS, ExportFormat
from warehouse.exports.review import Review, Reviewed, load_review
from warehouse.releases.hashing import quoted

ROWS_AT_ONCE = 10_000
KEY_BYTES = 32
REFUSED = "42501"  # of SQLSTATE: insufficient privilege
# What was looked at is what is written.
SNAPSHOT = "set transaction isolation level repeatable read, read only"
MAY_READ = """
select
    to_regclass(:relation) is not null
    and has_schema_privilege(:schema, 'usage')
    and has_table_privilege(to_regclass(:relation), 'select')
"""
NOTE = text("select ops.note_export(cast(:note as jsonb))")
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be exported.

    Attributes:
        tables: With their schema.
        folder: Where to; it must not be there, or be empty.
        format_code: parquet or csv.
        changes: What is left out or made coarser.
        threshold: How many families must look alike; None takes the reviewed number,
            and less than that is refused.
        key_file: Holds the key of the pseudonyms, and is made where it is not there:
            exports with the same one can be joined. None draws one and forgets it.
    """

    tables: Sequence[str]
    folder: Path
    format_code: str = "csv"
    changes: Changes = field(default_factory=Changes)
    threshold: int | None = None
    key_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """An export that was made.

    Attributes:
        export_id: Of its row in `ops.exports`.
        row_count: Rows of all files.
        anonymity: Families in it, and how many look alike at least.
    """

    export_id: int
    row_count: int
    anonymity: Anonymity


def export(wish: Wish, progress: Progress, url: str | None = None) -> Exported:
    """Write tables that the connected role may read, or say why not.

    Row-level security is the database's: what the role may not see is not in it.

    Raises:
        ExportError: It would tell of too few families, or cannot be written.
        WarehouseUnavailableError: The database cannot be reached.
    """
    review = load_review()
    tables = [review.table(place) for place in dict.fromkeys(wish.tables)]
    threshold = _threshold(wish, review)
    require_known(tables, review, wish.changes)
    _require_free(wish.folder)
    engine = open_engine(url)
    try:
        with reachable(engine):
            pass
        return _export(engine, wish, review, tables, threshold, progress)
    finally:
        engine.dispose()


def _export(  # noqa: PLR0913, PLR0917 - all that there is to know
    engine: Engine,
    wish: Wish,
    review: Review,
    tables: Sequence[Reviewed],
    threshold: int,
    progress: Progress,
) -> Exported:
    with _written_aside(wish.folder) as aside:
        with engine.connect() as connection:
            connection.execute(text(SNAPSHOT))
            for table in tables:
                _require_readable(connection, table)
            profiles = profiles_of(connection, tables)
            found = require_anonymity(profiles, review, wish.changes, threshold)
            key = _key(wish.key_file)
            row_count = 0
            for table in tables:
                columns = columns_of(connection, table, review, wish.changes, key)
                row_count += _write(connection, wish, table, columns, aside, progress)
        note = {
            "table_names": [table.place for table in tables],
            "format_code": wish.format_code,
            "row_count": row_count,
            "family_count": found.family_count,
            "smallest_class_count": found.smallest_class_count,
            "threshold": threshold,
            "changes": {
                "without": sorted(wish.changes.without),
                "coarsened": sorted(wish.changes.coarsened),
                "is_joinable": wish.key_file is not None,
            },
            "file_hashes": _hashes(aside),
        }
        export_id = _note(engine, note)
    return Exported(export_id, row_count, found)


def _threshold(wish: Wish, review: Review) -> int:
    if wish.threshold is None:
        return review.threshold
    if wish.threshold < review.threshold:
        raise ExportError(
            f"At least {review.threshold} families must look alike: --k can only ask "
            "for more."
        )
    return wish.threshold


def _require_free(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportError(
            f"{folder} is there already: name a folder that is not there or is empty."
        )


def _require_readable(connection: Connection, table: Reviewed) -> None:
    values = {"relation": table.place, "schema": table.schema}
    try:
        may_read = connection.execute(text(MAY_READ), values).scalar_one()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != REFUSED:
            raise
        may_read = False
    if not may_read:
        raise ExportError(
            f"This login may not read {table.place}, or there is no such table: ask "
            "whoever looks after the roles."
        )


def _key(file: Path | None) -> bytes:
    if file is None:
        return secrets.token_bytes(KEY_BYTES)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(KEY_BYTES) + "\n", encoding="ascii")
    try:
        return bytes.fromhex(file.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise ExportError(
            f"{file} holds no key of pseudonyms: name the file that an earlier export "
            "made, or one that is not there."
        ) from error


def _write(  # noqa: PLR0913, PLR0917 - all that there is to know
    connection: Connection,
    wish: Wish,
    table: Reviewed,
    columns: Sequence[ExportColumn],
    folder: Path,
    progress: Progress,
) -> int:
    """Write one table and its dictionary; return how many rows."""
    names = ", ".join(quoted(column.name) for column in columns)
    query = f"select {names} from {quoted(table.schema, table.name)}"  # noqa: S608 - identifiers are quoted
    turns = [(place, one.turn) for place, one in enumerate(columns) if one.turn]
    done = 0
    path = folder / f"{table.name}.{wish.format_code}"
    with FORMATS[ExportFormat(wish.format_code)](path, columns) as write:
        streamed = connection.execution_options(yield_per=ROWS_AT_ONCE)
        for rows in streamed.execute(text(query)).partitions():
            turned = []
            for row in rows:
                values = list(row)
                for place, turn in turns:
                    values[place] = turn(values[place])
                turned.append(tuple(values))
            write(turned)
            done += len(turned)
            progress(table.place, done)
    _write_dictionary(folder / f"{table.name}.dictionary.csv", columns)
    return done


def _write_dictionary(path: Path, columns: Sequence[ExportColumn]) -> None:
    told = list(dictionary(columns))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(told[0]))
        writer.writeheader()
        writer.writerows(told)


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }


def _note(engine: Engine, note: dict[str, object]) -> int:
    """Put the export on record.

    Raises:
        ExportError: The login may not; then nothing is exported.
    """
    try:
        with engine.begin() as connection:
            connection.execute(text("set transaction read write"))
            values = {"note": json.dumps(note)}
            return int(connection.execute(NOTE, values).scalar_one())
    except DBAPIError as error:
        raise ExportError(
            "This login may not note its exports in ops.exports, so nothing was "
            "written: ask whoever looks after the roles for `ops.note_export`."
        ) from error


@contextmanager
def _written_aside(folder: Path) -> Iterator[Path]:
    """Yield a folder beside the wished one, which it becomes if the block ends well."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise ExportError(
            f"{folder} cannot be made ({error.strerror}): name a folder that you may "
            "write to."
        ) from error
    try:
        yield aside
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
