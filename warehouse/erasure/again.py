"""Erasing again what a restored backup has brought back."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from warehouse.erasure.erasing import Order, erase
from warehouse.erasure.identity import (
    LIKE_A_CODE,
    Seal,
    as_enrolled,
    load_seal,
    make_seal,
    normalised,
)
from warehouse.erasure.ledger import ERASING_LOCK, Entry, newest_key, read_ledger
from warehouse.erasure.named_rows import Progress
from warehouse.erasure.receipts import next_id
from warehouse.errors import ErasureError
from warehouse.tables import (
    SUBMISSIONS,
    create_all,
    erasure_blocks,
    erasure_files,
    erasures,
    family_keys,
)

# Wherever a record may name a family that is not enrolled.
TEXTS = (
    *(
        f"select payload::text from {table.fullname}"  # noqa: S608 - our own tables
        for table in SUBMISSIONS.values()
    ),
    "select definition::text from raw.forms__versions",
    "select record from ops.rejected_records",
)
AT_ONCE = 1_000
# In JSON what ends a line is a letter, and would be one of the code.
LINE_ENDS = re.compile(r"\\[nrt]")


@dataclass(frozen=True, slots=True)
class Again:
    """What was done again.

    Attributes:
        listed: Erasures of this warehouse on the list.
        foreign: Erasures on the list that are of another warehouse.
        erased: Families that were there and are erased again.
        waiting_files: Files of theirs that are still to be removed.
    """

    listed: int
    foreign: int
    erased: int
    waiting_files: int

    def told(self) -> str:
        """Return it in words."""
        told = (
            f"Of {self.listed:,} erasures on the list, {self.erased:,} families were "
            "in the database and are erased again; landing leaves out all of them."
        )
        if self.foreign:
            told += (
                f" {self.foreign:,} more are of another warehouse, or of this one "
                "before it was begun anew, and were passed over."
            )
        if self.waiting_files:
            told += (
                f" {self.waiting_files:,} files wait to be removed: run `python -m "
                "ingestion erase-again`."
            )
        return told


def erase_again(
    engine: Engine, lists: Sequence[Path], now: datetime, progress: Progress
) -> Again:
    """Erase every family of the warehouse that is on a list of erasures.

    Landing leaves out its records, those too that the warehouse does not have. It may
    be run as often as one likes.

    Args:
        engine: On the warehouse, as an owner of its tables.
        lists: Files of `ledger.keep_ledger`.
        now: When.
        progress: Told what is being done.

    Raises:
        ErasureError: A list cannot be read, all of it is of another warehouse, or a
            family cannot be erased.
        WarehouseBusyError: A build is at work.
    """
    listed = [entry for path in lists for entry in read_ledger(path)]
    if not listed:
        return Again(0, 0, 0, 0)
    entries = {entry.receipt_hash: entry for entry in listed}.values()
    create_all(engine)
    with engine.begin() as connection:
        connection.execute(ERASING_LOCK)
        own = _own_entries(connection, entries)
        _remember(connection, own)
    orders = _orders(engine)
    for order in orders:
        erase(engine, order, now, progress, dry_run=False)
    if orders and (left := len(_orders(engine))):
        raise ErasureError(
            f"{left} families that were erased are still in this warehouse: let nobody "
            "read from it, and report it."
        )
    with engine.connect() as connection:
        waiting = len(connection.execute(select(erasure_files.c.path)).all())
    return Again(len(own), len(entries) - len(own), len(orders), waiting)


def _own_entries(connection: Connection, entries: Collection[Entry]) -> list[Entry]:
    """Return the erasures of this warehouse; one without a key takes the list's."""
    seal = make_seal(connection, newest_key(entries))
    if own := [entry for entry in entries if entry.key == seal.key.hex()]:
        return own
    raise ErasureError(
        f"Each of the {len(entries):,} erasures on the list is under another key than "
        "this warehouse's, so nobody can tell whether it has these families: take the "
        "list of this warehouse, or erase them by hand if it was begun anew without it."
    )


def _remember(connection: Connection, entries: Sequence[Entry]) -> None:
    """Keep receipts and what landing leaves out, as if nothing had been restored."""
    there = select(erasures.c.receipt_hash, erasures.c.erasure_id)
    ids = {row.receipt_hash: row.erasure_id for row in connection.execute(there)}
    taken = set(ids.values())
    later = []
    for entry in entries:
        if entry.receipt_hash in ids:
            continue
        erasure_id = entry.receipt["erasure_id"]
        if erasure_id in taken:
            later.append(entry)
            continue
        taken.add(erasure_id)
        ids[entry.receipt_hash] = _keep(connection, entry, erasure_id)
    # Copies of a list that went on apart give one number to two erasures: the receipt
    # stays as it was hashed, and its row takes a number that no other has.
    for entry in later:
        ids[entry.receipt_hash] = _keep(connection, entry, next_id(connection))
    for entry in entries:
        _block(connection, entry, ids[entry.receipt_hash])


def _keep(connection: Connection, entry: Entry, erasure_id: int) -> int:
    receipt = dict(entry.receipt)
    connection.execute(
        insert(erasures).values(
            erasure_id=erasure_id,
            family_hash=receipt["family_hash"],
            erased_at=datetime.fromisoformat(receipt["erased_at"]),
            requested_by=receipt["requested_by"],
            approved_by=receipt["approved_by"],
            reason=receipt["reason"],
            receipt=receipt,
            receipt_hash=entry.receipt_hash,
        )
    )
    return erasure_id


def _block(connection: Connection, entry: Entry, erasure_id: int) -> None:
    rows = [
        {"block_hash": block, "kind_code": kind, "erasure_id": erasure_id}
        for block, kind in entry.blocks.items()
    ]
    if rows:
        adding = upsert(erasure_blocks).values(rows)
        connection.execute(
            adding.on_conflict_do_update(
                index_elements=[erasure_blocks.c.block_hash],
                set_={"erasure_id": adding.excluded.erasure_id},
            )
        )


def _orders(engine: Engine) -> list[Order]:
    """Return what is to be erased again, as it was ordered before."""
    with engine.connect() as connection:
        seal = load_seal(connection)
        if seal is None:
            return []
        before = {
            row.family_hash: row
            for row in connection.execute(
                select(erasures).order_by(erasures.c.erasure_id)
            )
        }
        orders = []
        for code in _returned(connection, seal):
            row = before[seal.family(code)]
            words = (row.reason, row.requested_by, row.approved_by)
            orders.append(Order(code, *words, repeats=row.erasure_id))
        return orders


def _returned(connection: Connection, seal: Seal) -> Iterator[str]:
    """Yield the codes of erased families that the warehouse names."""
    rows = connection.execute(select(erasure_blocks)).all()
    family_ids = {row.block_hash: row.erasure_id for row in rows if _is(row, "family")}
    codes = {row.block_hash for row in rows if _is(row, "code")}
    # Erased before codes were remembered as they are written.
    without_code = set(family_ids.values()) - {
        row.erasure_id for row in rows if _is(row, "code")
    }
    if not family_ids:
        return
    enrolled = set(connection.execute(select(family_keys.c.family_code)).scalars())
    alike: dict[str, list[str]] = {}
    for code in sorted(enrolled):
        alike.setdefault(normalised(code), []).append(code)
    for code in sorted(enrolled):
        is_alone = len(alike[normalised(code)]) == 1
        erasure_id = family_ids.get(seal.family(code))
        if seal.code(code) in codes or (is_alone and erasure_id in without_code):
            yield code
    others: dict[str, str] = {}
    for typed in sorted(_typed(connection)):
        family = normalised(typed)
        if family not in alike and seal.family(typed) in family_ids:
            others.setdefault(family, as_enrolled(typed))
    yield from others.values()


def _is(row: Row[Any], kind: str) -> bool:
    return bool(row.kind_code == kind)


def _typed(connection: Connection) -> set[str]:
    """Return whatever in a record looks like a code."""
    found: set[str] = set()
    for query in TEXTS:
        rows = connection.execution_options(yield_per=AT_ONCE).execute(text(query))
        for content in rows.scalars():
            found.update(LIKE_A_CODE.findall(LINE_ENDS.sub(" ", content or "")))
    return found
