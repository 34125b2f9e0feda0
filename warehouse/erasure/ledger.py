"""The list of erasures beside the backups, by which a restored family is known again.

A backup from before an erasure has the family, and nothing that tells of its erasure.
What is needed to know it again stands in a file that names nobody: keyed hashes, and
their key. Who has the key can try all codes; so it is as closed as the backups beside
it, which hold the names themselves. Nothing is ever taken from it.
"""

import json
import os
import stat
import tempfile
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text

from warehouse.erasure.identity import Seal, load_seal, make_seal
from warehouse.errors import ErasureError
from warehouse.tables import erasure_blocks, erasures

NAME = "erasures.jsonl"
VERSION = 1
MAY_SEAL = text("""
select coalesce(
    has_table_privilege(to_regclass('pii.erasure_secrets'), 'insert'), false
)
""")
# A number of our own: one erasure at a time, or neither receipts nor lists would chain.
ERASING_LOCK = text("select pg_advisory_xact_lock(20200704)")
HAS_TABLES = text("select to_regclass('ops.erasures') is not null")


@dataclass(frozen=True, slots=True)
class Entry:
    """One erasure.

    Attributes:
        key: The seal's, in hexadecimal.
        blocks: Hash of the family, its code or a record -> which of them.
        receipt: As it is kept in `ops.erasures`.
        receipt_hash: Its hash.
    """

    key: str
    blocks: Mapping[str, str]
    receipt: Mapping[str, Any]
    receipt_hash: str


def ledger_path(folder: Path) -> Path:
    """Return where the list of a folder of backups stands."""
    return folder / NAME


def read_ledger(path: Path) -> list[Entry]:
    """Return every erasure of the list, oldest first.

    Raises:
        ErasureError: It is missing or cannot be read, as a whole or in a line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise ErasureError(
            f"{path}, the list of erasures, cannot be read ({reason}): without it "
            "nobody can tell which families of a backup were erased."
        ) from None
    return [_read(path, number, line) for number, line in enumerate(lines, start=1)]


def newest_key(entries: Collection[Entry]) -> bytes | None:
    """Return the key of the newest erasure, None where there is none."""
    if not entries:
        return None
    newest = max(entries, key=lambda entry: entry.receipt["erased_at"])
    return bytes.fromhex(newest.key)


def own_seal(connection: Connection, folder: Path | None) -> Seal:
    """Return the warehouse's seal; one that has no key takes the list's.

    A key drawn beside a list would make every erasure on it another warehouse's, and
    landing would bring the families back.

    Args:
        connection: In the transaction of an erasure or before a backup.
        folder: Where backups are written; None where none is set.

    Raises:
        ErasureError: There is a list and it cannot be read.
    """
    seal = load_seal(connection)
    if seal is not None:
        return seal
    return make_seal(connection, newest_key(_if_there(folder) if folder else []))


def seal_and_list(connection: Connection, folder: Path) -> None:
    """Prepare for a backup: what is erased after it is to be known again in it.

    The key is there before, so that it is in the backup and tells whose a list is.

    Args:
        connection: On the warehouse; one without our tables is left as it is.
        folder: Where backups are written; a list stands in it from now on.

    Raises:
        ErasureError: The list could not be read or written.
    """
    connection.execute(ERASING_LOCK)
    if connection.execute(MAY_SEAL).scalar_one():
        own_seal(connection, folder)
    keep_ledger(connection, folder)


def keep_ledger(connection: Connection, folder: Path) -> None:
    """Have every erasure of the warehouse on the list, and on the disk.

    It is called before an erasure commits: one that is listed and not done is done
    again by a restore, one that is done and not listed would be lost.

    Args:
        connection: On the warehouse, as an owner of its tables.
        folder: Where backups are written; made where it is not there.

    Raises:
        ErasureError: The list could not be read or written.
    """
    connection.execute(ERASING_LOCK)  # else one of two would take the other's lines
    path = ledger_path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            # Who erases by hand may be root, and who backs up must read it.
            _write(path, [], like=folder.stat())
        listed = read_ledger(path)
        known = {entry.receipt_hash for entry in listed}
        new = [one for one in _entries(connection) if one.receipt_hash not in known]
        if new:
            _write(path, [*listed, *new], like=path.stat(), mode=path.stat().st_mode)
    except OSError as error:
        raise ErasureError(
            f"{path}, by which a family that was erased is known in a backup, could "
            f"not be written ({error.strerror}) and is as it was: give this account "
            "room and the right to write there."
        ) from None


def _if_there(folder: Path) -> list[Entry]:
    """Return what is listed; a list that is there and closed to us is an error."""
    path = ledger_path(folder)
    with suppress(OSError):  # reading says why
        if not path.exists():
            return []
    return read_ledger(path)


def _read(path: Path, number: int, line: str) -> Entry:
    try:
        content = json.loads(line)
        version = content.pop("version")
        if version == VERSION:
            return Entry(**content)
    except (ValueError, KeyError, TypeError, AttributeError):
        version = None
    how = f"is of version {version}" if version else "cannot be read"
    raise ErasureError(
        f"Line {number} of {path}, the list of erasures, {how}: take the file from a "
        "copy of the backups, or the release of the product that wrote it."
    )


def _write(
    path: Path, entries: Sequence[Entry], like: os.stat_result, mode: int = 0o600
) -> None:
    """Write the list whole or not at all, for the account that `like` belongs to."""
    descriptor, name = tempfile.mkstemp(".partial", f"{path.stem}_", path.parent)
    partial = Path(name)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - is open
            for entry in entries:
                line = json.dumps({"version": VERSION, **asdict(entry)})
                file.write(f"{line}\n")
            file.flush()
            _give(descriptor, like)
            os.fchmod(descriptor, stat.S_IMODE(mode))
            os.fsync(descriptor)
        partial.replace(path)
        _on_disk(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def _give(descriptor: int, like: os.stat_result) -> None:
    # Only root gives a file away; who belongs to its group may give it to that.
    for owner in (like.st_uid, -1):
        with suppress(PermissionError):
            os.fchown(descriptor, owner, like.st_gid)
            return


def _on_disk(folder: Path) -> None:
    """Have the new name outlive a loss of power, and not the content alone."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _entries(connection: Connection) -> list[Entry]:
    """Return the erasures that the warehouse knows of, oldest first."""
    has_tables = connection.execute(HAS_TABLES).scalar_one()
    seal = load_seal(connection) if has_tables else None
    if seal is None:
        return []
    blocks: dict[int, dict[str, str]] = {}
    query = select(erasure_blocks).order_by(erasure_blocks.c.block_hash)
    for row in connection.execute(query):
        blocks.setdefault(row.erasure_id, {})[row.block_hash] = row.kind_code
    return [
        Entry(
            key=seal.key.hex(),
            blocks=blocks.get(row.erasure_id, {}),
            receipt=row.receipt,
            receipt_hash=row.receipt_hash,
        )
        for row in connection.execute(select(erasures).order_by(erasures.c.erasure_id))
    ]
