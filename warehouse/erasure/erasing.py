"""One family out of the whole database, in one transaction."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, select

from warehouse.erasure import files, receipts
from warehouse.erasure.frozen import erase_from_releases
from warehouse.erasure.identity import LIKE_A_CODE, load_seal
from warehouse.erasure.ledger import ERASING_LOCK, keep_ledger, own_seal
from warehouse.erasure.named_rows import (
    Counts,
    Progress,
    erase_named_rows,
    named_tables,
    still_naming,
)
from warehouse.erasure.raw_rows import erase_from_raw
from warehouse.erasure.statistics import note_anew
from warehouse.erasure.subject import Subject, find_subject, names_of
from warehouse.errors import ErasureError
from warehouse.increments.at_work import keep_builds_away
from warehouse.tables import erasure_requests, erasures, frozen_releases

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for.

    Attributes:
        code: The family's code, as enrolment gives it.
        reason: Why, in words that do not name the family.
        requested_by: Who asked.
        approved_by: Who agreed.
        pages: Files of the static site or of reports that name the family.
        page_folders: Where they and others lie that are to be published again.
        replaced_files: Files that an import replaced, and that name the family.
        backups: Folder of backups; None where none is set.
        repeats: The erasure that is done again, as a restored backup brought it back:
            its words have been looked at.
    """

    code: str
    reason: str
    requested_by: str
    approved_by: str
    pages: Sequence[str] = ()
    page_folders: Sequence[str] = ()
    replaced_files: Sequence[str] = ()
    backups: Path | None = None
    repeats: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What went, or would go.

    Attributes:
        is_done: Whether it went; else it was only looked at.
        receipt: What was done, as it is kept; of a look, as it would be.
        leftovers: Records that form servers and files still have, with links.
        relatives: Other households that the family is known to belong with.
        earlier: When the family was erased before, where nothing is left of it.
    """

    is_done: bool
    receipt: receipts.Receipt = field(default_factory=dict)
    leftovers: Sequence[receipts.Receipt] = ()
    relatives: Sequence[str] = ()
    earlier: datetime | None = None


class _LookedAtError(Exception):
    """Undoes what a dry run has done."""


def erase(
    engine: Engine, order: Order, now: datetime, progress: Progress, *, dry_run: bool
) -> Outcome:
    """Remove a family from every table, or say what would go.

    A dry run does it all and takes it back, so what it says is what will happen.

    Args:
        engine: On the warehouse, as an owner of its tables.
        order: Who is to go, and why.
        now: When.
        progress: Told what is being done.
        dry_run: Whether to take it back.

    Raises:
        ErasureError: There is no such family, the reason names it, or the list of
            erasures beside the backups could not be written.
        WarehouseBusyError: A build is at work.
    """
    _require_reason(order.reason)
    outcome = Outcome(is_done=False)
    with (
        suppress(_LookedAtError),
        keep_builds_away(engine),
        engine.begin() as connection,
    ):
        connection.execute(ERASING_LOCK)
        outcome = _erase(connection, order, now, progress, is_done=not dry_run)
        if dry_run:
            raise _LookedAtError
    return outcome


def _erase(
    connection: Connection,
    order: Order,
    now: datetime,
    progress: Progress,
    *,
    is_done: bool,
) -> Outcome:
    subject = find_subject(connection, order.code)
    if order.repeats is None:
        _require_nameless(connection, order, subject)
    erasure_id = receipts.next_id(connection)
    file_count = files.note_attachments(connection, erasure_id)
    files.note_files(connection, erasure_id, files.PAGES, order.pages)
    request_ids = _forget_requests(connection, order.code)
    counts = _erase_rows(connection, subject, erasure_id, progress)
    earlier = erased_before(connection, order.code)
    if not counts and not file_count and not order.pages:
        if earlier is None and not request_ids:
            raise ErasureError(
                "No record, table or file names this family: look the code up in "
                "pii.family_keys or on the enrolment form."
            )
        ids = _erasure_ids(connection, order.code)
        kept = receipts.leftovers(connection, ids)
        return Outcome(is_done, leftovers=kept, earlier=earlier)
    seal = own_seal(connection, order.backups)
    receipts.block_returns(connection, seal, subject, erasure_id)
    receipt = receipts.keep_receipt(
        connection,
        erasure_id=erasure_id,
        family_hash=seal.family(subject.code),
        erased_at=now,
        requested_by=order.requested_by,
        approved_by=order.approved_by,
        reason=order.reason,
        content={
            "tables": receipts.places(counts),
            "records": receipts.records_by_form(subject),
            "request_ids": request_ids,
            "attachment_count": file_count,
            "page_count": len(order.pages),
            "replaced_files": list(order.replaced_files),
            "publish_again": sorted(order.page_folders),
            "still_there": receipts.still_there(order.backups),
            **({"repeats_erasure_id": order.repeats} if order.repeats else {}),
        },
    )
    left = receipts.note_leftovers(connection, subject, erasure_id)
    if is_done:
        touched = {place for place, _ in counts} | {erasure_requests.fullname}
        roots = [record.root_id for record in subject.records if record.root_id]
        called = [*subject.needles, *roots]
        note_anew(connection, touched, called, subject.typed)
        if order.backups is not None:
            _list(connection, order.backups)
    return Outcome(is_done, receipt, left, subject.relatives)


def _list(connection: Connection, backups: Path) -> None:
    try:
        keep_ledger(connection, backups)
    except ErasureError as error:
        raise ErasureError(f"Nothing was erased. {error}") from None


def _erase_rows(
    connection: Connection, subject: Subject, erasure_id: int, progress: Progress
) -> Counts:
    counts: Counts = Counter()
    counts += erase_from_raw(connection, subject)
    tables = named_tables(connection)
    schemas = set(connection.execute(select(frozen_releases.c.schema_name)).scalars())
    counts += erase_from_releases(connection, subject, tables, erasure_id, progress)
    others = [table for table in tables if table.schema not in schemas]
    counts += erase_named_rows(connection, subject, others, progress)
    left = list(still_naming(connection, subject, tables))
    if left:
        raise ErasureError(
            f"{', '.join(left)} would still name the family, so nothing was removed: "
            "look at what they hold, and report it."
        )
    return counts


def erased_before(connection: Connection, code: str) -> datetime | None:
    """Return when a family was erased last, or None where it never was."""
    seal = load_seal(connection)
    if seal is None:
        return None
    found: datetime | None = connection.execute(
        select(func.max(erasures.c.erased_at)).where(
            erasures.c.family_hash == seal.family(code)
        )
    ).scalar()
    return found


def _erasure_ids(connection: Connection, code: str) -> list[int]:
    seal = load_seal(connection)
    if seal is None:
        return []
    query = select(erasures.c.erasure_id).where(
        erasures.c.family_hash == seal.family(code)
    )
    return list(connection.execute(query).scalars())


def _require_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise ErasureError(
            f"Give a reason of at most {LONGEST_REASON} letters, such as "
            "'the family asked for it': it stays in the receipt."
        )


def _require_nameless(connection: Connection, order: Order, subject: Subject) -> None:
    """Refuse a reason that would keep in the receipt who the family was."""
    said = f"{order.reason} {order.requested_by} {order.approved_by}".casefold()
    names = [*names_of(connection, subject), subject.code, *subject.spellings]
    codes = LIKE_A_CODE.findall(said)
    if any(name.casefold() in said for name in names if name.strip()) or any(
        map(subject.is_called, codes)
    ):
        raise ErasureError(
            "The reason names the family, and the receipt must not: say why without "
            "its code, a name or a number."
        )


def _forget_requests(connection: Connection, code: str) -> list[int]:
    """Take the family off the list of those that wait; return its numbers there."""
    gone = connection.execute(
        delete(erasure_requests)
        .where(erasure_requests.c.family_code == code)
        .returning(erasure_requests.c.request_id)
    )
    return sorted(gone.scalars())


def is_done(connection: Connection, request_id: int) -> bool:
    """Return whether the family of a request is gone already."""
    query = select(erasures.c.erasure_id).where(
        erasures.c.receipt["request_ids"].contains([request_id])
    )
    return connection.execute(query).first() is not None


def request_erasure(
    connection: Connection, code: str, reason: str, requested_by: str
) -> int:
    """Put a family on the list of those that wait to be erased; return its number.

    Raises:
        ErasureError: There is no such family, or the reason names it.
    """
    _require_reason(reason)
    subject = find_subject(connection, code)
    order = Order(code, reason, requested_by, "")
    _require_nameless(connection, order, subject)
    if subject.key is None and not subject.records:
        raise ErasureError(
            "No record names this family: look the code up in pii.family_keys or on "
            "the enrolment form."
        )
    waiting = connection.execute(
        select(erasure_requests.c.request_id).where(
            erasure_requests.c.family_code == code
        )
    ).scalar()
    if waiting is not None:
        return int(waiting)
    made = connection.execute(
        erasure_requests.insert()
        .values(family_code=code, reason=reason, requested_by=requested_by)
        .returning(erasure_requests.c.request_id)
    )
    return int(made.scalar_one())


def requested(connection: Connection, request_id: int) -> dict[str, Any]:
    """Return family, reason and asker of a request.

    Raises:
        ErasureError: No such request waits.
    """
    row = (
        connection.execute(
            select(erasure_requests).where(erasure_requests.c.request_id == request_id)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise ErasureError(
            f"No erasure waits under number {request_id}: it has been done or was "
            "never asked for; see ops.erasures."
        )
    return dict(row)
