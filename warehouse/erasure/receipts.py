"""The receipt of an erasure: what went, from where, and what is left to do by hand."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from warehouse.erasure.identity import Seal
from warehouse.erasure.named_rows import Counts
from warehouse.erasure.subject import Subject
from warehouse.tables import erasure_blocks, erasure_leftovers, erasures, registry_forms

SUBMISSION = "{submission_id}"
Receipt = Mapping[str, Any]

BACKUPS = (
    "Backups of warehouse and attachments hold the family until they expire; a restore "
    "of the warehouse erases it again, by the list of erasures beside its backups."
)
OTHER_BACKUPS = (
    "No folder of backups (WAREHOUSE_BACKUPS) is set here, so there are none of ours; "
    "whoever restores one that was taken otherwise has the family back, and erases it "
    "again."
)
STILL_THERE = (
    (
        "Totals that counted the family are computed anew by the next build, and pages "
        "and reports show them once they are published again."
    ),
    (
        "The form servers and files named here hold the records until somebody deletes "
        "them there; landing leaves them out."
    ),
    (
        "Files of the finance office that an import replaced are kept in `replaced` "
        "beside those that count, with the family's rows: take them out of the files "
        "named here, or delete these."
    ),
    (
        "Totals of ten families or more in frozen releases still count the family: who "
        "reads the other families' rows there could subtract them."
    ),
    (
        "What others wrote of the family is found where they gave its code; a name in "
        "a note of theirs is not."
    ),
    "Exports and copies that people took are theirs to delete: see ops.exports.",
)


def still_there(backups: Path | None) -> list[str]:
    """Return what the erasure leaves, in sentences.

    Args:
        backups: The folder of backups; None where none is set.
    """
    return [OTHER_BACKUPS if backups is None else BACKUPS, *STILL_THERE]


def next_id(connection: Connection) -> int:
    """Return the number of the erasure that is being done; one is done at a time."""
    last = connection.execute(select(func.max(erasures.c.erasure_id))).scalar()
    return (last or 0) + 1


def places(counts: Counts) -> list[dict[str, object]]:
    """Return what was done where, in the order of tables."""
    return [
        {"table": table, "what": what, "row_count": count}
        for (table, what), count in sorted(counts.items())
        if count
    ]


def records_by_form(subject: Subject) -> list[dict[str, object]]:
    """Return how many records of each form were the family's."""
    found: dict[tuple[str, str], int] = {}
    for record in subject.records:
        place = (record.role, record.form_id)
        found[place] = found.get(place, 0) + 1
    return [
        {"role": role, "form_id": form_id, "record_count": count}
        for (role, form_id), count in sorted(found.items())
    ]


def keep_receipt(  # noqa: PLR0913 - what stands in it
    connection: Connection,
    *,
    erasure_id: int,
    family_hash: str,
    erased_at: datetime,
    requested_by: str,
    approved_by: str,
    reason: str,
    content: Receipt,
) -> dict[str, Any]:
    """Write the receipt to `ops.erasures`, chained to the one before; return it."""
    before = connection.execute(
        select(erasures.c.receipt_hash).order_by(erasures.c.erasure_id.desc()).limit(1)
    ).scalar()
    receipt = {
        "erasure_id": erasure_id,
        "family_hash": family_hash,
        "erased_at": erased_at.isoformat(),
        "requested_by": requested_by,
        "approved_by": approved_by,
        "reason": reason,
        **content,
        "previous_receipt_hash": before,
    }
    receipt_hash = hash_of(receipt)
    connection.execute(
        insert(erasures).values(
            erasure_id=erasure_id,
            family_hash=family_hash,
            erased_at=erased_at,
            requested_by=requested_by,
            approved_by=approved_by,
            reason=reason,
            receipt=receipt,
            receipt_hash=receipt_hash,
        )
    )
    return {**receipt, "receipt_hash": receipt_hash}


def hash_of(receipt: Receipt) -> str:
    """Return the SHA-256 of a receipt written with sorted keys."""
    return hashlib.sha256(json.dumps(receipt, sort_keys=True).encode()).hexdigest()


def block_returns(
    connection: Connection, seal: Seal, subject: Subject, erasure_id: int
) -> None:
    """Remember what landing has to leave out from now on."""
    hashes = {seal.family(subject.code): "family", seal.code(subject.code): "code"}
    for record in subject.records:
        hashes[seal.submission(record.form_id, record.submission_id)] = "submission"
        if record.root_id:
            hashes[seal.root(record.root_id)] = "root"
    known = set(connection.execute(select(erasure_blocks.c.block_hash)).scalars())
    rows = [
        {"block_hash": found, "kind_code": kind, "erasure_id": erasure_id}
        for found, kind in hashes.items()
        if found not in known
    ]
    if rows:
        connection.execute(insert(erasure_blocks), rows)


def note_leftovers(
    connection: Connection, subject: Subject, erasure_id: int
) -> list[dict[str, object]]:
    """Note what form servers and files still hold; return it, with links."""
    urls = {
        row.form_id: row.record_url
        for row in connection.execute(
            select(registry_forms.c.form_id, registry_forms.c.record_url)
        )
    }
    own = {
        (record.form_id, record.submission_id): "record"
        for record in subject.records
        if record.is_live
    }
    there = dict.fromkeys(sorted(subject.mentions), "mention") | own
    rows: list[dict[str, object]] = [
        {
            "form_id": form_id,
            "submission_id": submission_id,
            "erasure_id": erasure_id,
            "what_code": what,
            "record_url": _link(urls.get(form_id), submission_id),
        }
        for (form_id, submission_id), what in there.items()
    ]
    if rows:
        adding = upsert(erasure_leftovers).values(rows)
        # Another erased family may be named in it too.
        connection.execute(adding.on_conflict_do_nothing())
    return rows


def leftovers(connection: Connection, erasure_ids: Sequence[int]) -> list[Receipt]:
    """Return what form servers and files still hold of erased families."""
    query = (
        select(
            erasure_leftovers.c.form_id,
            erasure_leftovers.c.submission_id,
            erasure_leftovers.c.what_code,
            erasure_leftovers.c.record_url,
        )
        .where(erasure_leftovers.c.erasure_id.in_(erasure_ids))
        .order_by(erasure_leftovers.c.form_id, erasure_leftovers.c.submission_id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _link(url: str | None, submission_id: str) -> str | None:
    return url.replace(SUBMISSION, submission_id) if url else None
