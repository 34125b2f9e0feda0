"""From a family's code to nothing that names it, and a receipt."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select

from ingestion.clock import Clock, utc_now
from ingestion.erasing.pages import (
    is_telling,
    page_folders,
    pages_naming,
)
from ingestion.erasing.removing import remove_files
from ingestion.erasing.replaced import replaced_files_naming
from ingestion.erasing.second_person import require_second_person
from ingestion.errors import AttachmentStoreError
from ingestion.landing.attachments.store import AttachmentStore
from ingestion.landing.bookkeeping.form_locks import Work, locked
from ingestion.landing.progress import ProgressCallback, no_progress
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.registry import Registry, load_registry
from warehouse import erasure
from warehouse.backups import folder_if_set
from warehouse.tables import family_contacts, family_keys

Receipt = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure did, or a look at it would do.

    Attributes:
        is_done: Whether the family is gone; else it was only looked at.
        receipt: As kept in `ops.erasures`; empty where nothing was left to erase.
        leftovers: Records that servers and files still hold: form, id, what, link.
        relatives: Other households that the family is known to belong with.
        earlier: When it was erased before, where nothing was left.
        removed_file_count: Files that were removed by this run.
        waiting_file_count: Files that could not be removed and still wait.
        file_problem: Why, in one sentence.
    """

    is_done: bool
    receipt: Receipt
    leftovers: tuple[Receipt, ...] = ()
    relatives: tuple[str, ...] = ()
    earlier: datetime | None = None
    removed_file_count: int = 0
    waiting_file_count: int = 0
    file_problem: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as values that JSON knows. With the ids of records on servers."""
        return {
            "is_done": self.is_done,
            "receipt": dict(self.receipt),
            "still_on_servers": [dict(one) for one in self.leftovers],
            "erased_before": self.earlier and self.earlier.isoformat(),
            "removed_file_count": self.removed_file_count,
            "waiting_file_count": self.waiting_file_count,
            "file_problem": self.file_problem,
        }

    def counts(self) -> dict[str, Any]:
        """Return what names nobody: for logs, tasks and whoever approves."""
        tables = self.receipt.get("tables", [])
        counts = {
            "tables": len({row["table"] for row in tables}),
            "rows": sum(row["row_count"] for row in tables),
            "records": sum(
                row["record_count"] for row in self.receipt.get("records", [])
            ),
            "files": self.receipt.get("attachment_count", 0),
            "pages": self.receipt.get("page_count", 0),
            "still_on_servers": len(self.leftovers),
            "replaced_files": len(self.receipt.get("replaced_files", [])),
        }
        if self.is_done and self.receipt:
            counts["receipt_hash"] = self.receipt["receipt_hash"]
        return counts


def erase_family(  # noqa: PLR0913 - what a test or a DAG may want to decide
    code: str,
    reason: str,
    *,
    requested_by: str,
    approved_by: str,
    dry_run: bool = True,
    registry: Registry | None = None,
    engine: Engine | None = None,
    store: AttachmentStore | None = None,
    environment: Mapping[str, str] | None = None,
    clock: Clock = utc_now,
    progress: ProgressCallback = no_progress,
) -> Erasure:
    """Erase a family, or say what would go.

    The database first, in one transaction; then the files, each until it is gone. Files
    that earlier runs could not remove are tried again.

    Args:
        code: As enrolment gives it.
        reason: Why, in words that do not name the family.
        requested_by: Who asked for it.
        approved_by: Who agreed.
        dry_run: Whether nothing is to be removed.
        registry: None loads it (see `load_registry`).
        engine: On the warehouse, as an owner of its tables. None takes `WAREHOUSE_URL`.
        store: Where attachments are kept. None takes `JOURNAL_ATTACHMENTS`.
        environment: Where folders of pages and of backups are named. None takes the
            process'.
        clock: Tells the time.
        progress: Told what is being done.

    Raises:
        ErasureError: There is no such family, the reason names it, or the list of
            erasures beside the backups could not be written.
        BackupError: The folder of backups is none.
        WarehouseBusyError: A build is at work.
        FormBusyError: A form is being landed.
        WarehouseUnavailableError: The database cannot be reached.
    """
    registry = registry or load_registry()
    with ready_warehouse(engine) as warehouse, landing_kept_away(warehouse, registry):
        folders = page_folders(environment)
        order = erasure.Order(
            code,
            reason,
            requested_by,
            approved_by,
            pages=tuple(pages_naming(folders, _names(warehouse, code))),
            page_folders=tuple(map(str, folders)),
            backups=folder_if_set(environment),
            replaced_files=tuple(replaced_files_naming(registry, code)),
        )
        outcome = erasure.erase(warehouse, order, clock(), progress, dry_run=dry_run)
        removed, waiting, problem = 0, 0, None
        if outcome.is_done:
            removed, waiting, problem = remove_files(warehouse, store)
    return Erasure(
        is_done=outcome.is_done,
        receipt=outcome.receipt,
        leftovers=tuple(outcome.leftovers),
        relatives=tuple(outcome.relatives),
        earlier=outcome.earlier,
        removed_file_count=removed,
        waiting_file_count=waiting,
        file_problem=problem,
    )


def open_request(
    code: str, reason: str, requested_by: str, *, engine: Engine | None = None
) -> int:
    """Put a family on the list of those that wait for approval; return its number.

    Whoever approves sees the number and never the code.

    Raises:
        ErasureError: There is no such family, or the reason names it.
    """
    with ready_warehouse(engine) as warehouse, warehouse.begin() as connection:
        return erasure.request_erasure(connection, code, reason, requested_by)


def show_requested(request_id: int, *, engine: Engine | None = None) -> dict[str, Any]:
    """Return in numbers what a requested erasure would remove."""
    return _erase_requested(request_id, "", dry_run=True, engine=engine).counts()


def erase_requested(
    request_id: int,
    approved_by: str,
    *,
    triggered_by: str | None = None,
    engine: Engine | None = None,
    environment: Mapping[str, str] = os.environ,
) -> dict[str, Any]:
    """Erase the family of a request; return in numbers what went.

    Run again after files could not be removed, it goes on with them.

    Args:
        request_id: Its number.
        approved_by: Who agreed.
        triggered_by: Who started the run that asked for it.
        engine: On the warehouse. None takes `WAREHOUSE_URL`.
        environment: Says whether one person may ask and agree.

    Raises:
        AttachmentStoreError: Files wait still; the database has nothing any more.
        ErasureError: No such request waits, or who agreed is who asked.
    """
    with ready_warehouse(engine) as warehouse:
        with warehouse.connect() as connection:
            is_done = erasure.is_done(connection, request_id)
        if is_done:
            removed, _, problem = remove_files(warehouse, None)
            counts: dict[str, Any] = {"files": removed}
        else:
            with warehouse.connect() as connection:
                asked = erasure.requested(connection, request_id)
            askers = (asked["requested_by"], triggered_by)
            require_second_person(approved_by, askers, environment)
            done = _erase_requested(
                request_id, approved_by, dry_run=False, engine=warehouse
            )
            problem, counts = done.file_problem, done.counts()
    if problem:
        raise AttachmentStoreError(problem)
    return counts


def _erase_requested(
    request_id: int, approved_by: str, *, dry_run: bool, engine: Engine | None
) -> Erasure:
    with ready_warehouse(engine) as warehouse:
        with warehouse.connect() as connection:
            asked = erasure.requested(connection, request_id)
        return erase_family(
            asked["family_code"],
            asked["reason"],
            requested_by=asked["requested_by"],
            approved_by=approved_by,
            dry_run=dry_run,
            engine=warehouse,
        )


@contextmanager
def landing_kept_away(engine: Engine, registry: Registry) -> Iterator[None]:
    """Hold every form: a run that had read the family already would land it."""
    with (
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as book,
        ExitStack() as held,
    ):
        # In one order, so that two erasures do not wait for one another.
        for form in sorted(registry.forms, key=lambda form: form.form_id):
            held.enter_context(locked(book, form, Work.LANDING))
            held.enter_context(locked(book, form, Work.FETCHING))
        yield


def _names(engine: Engine, code: str) -> list[str]:
    """Return what a page may call the family; of contacts, what is nobody else's."""
    with engine.connect() as connection:
        key = connection.execute(
            select(family_keys.c.family_key).where(family_keys.c.family_code == code)
        ).scalar()
        contacts = connection.execute(
            select(
                # As somebody may have typed it.
                func.upper(func.trim(family_contacts.c.family_code)) == code.upper(),
                family_contacts.c.contact_name,
                family_contacts.c.contact_phone,
            )
        ).all()
    own = {value for is_own, *row in contacts if is_own for value in row if value}
    others = {value for is_own, *row in contacts if not is_own for value in row}
    return [code, *([key] if key else []), *filter(is_telling, sorted(own - others))]
