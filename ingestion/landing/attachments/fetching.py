"""Fetch the files of one form's submissions, and remove those whose record is gone.

First the deletions, then what the submissions list, then the files: whatever ends a
run, no file outlives its record for want of a network. It goes on for hours where there
are many photos, and keeps nobody waiting: the form may be landed meanwhile, the
server's slot is held for one batch of requests at a time, and between two batches goes
what the landing found deleted.
"""

import logging
import mimetypes
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from itertools import chain, count
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Engine, RowMapping, select

from ingestion.clock import Clock, utc_now
from ingestion.errors import (
    FileTooLargeError,
    FileTypeError,
    RegistryError,
    SourceError,
    SourceUnavailableError,
)
from ingestion.landing.attachments.ledger import Ledger, Listed
from ingestion.landing.attachments.report import AttachmentReport
from ingestion.landing.attachments.store import AttachmentStore, open_store
from ingestion.landing.bookkeeping.form_locks import hold_files
from ingestion.landing.bookkeeping.server_slots import hold_server
from ingestion.landing.land_form import find_form
from ingestion.landing.progress import ProgressCallback, no_progress
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.landing.source_of_form import source_of_form
from ingestion.registry import Form, Registry, load_registry
from ingestion.registry.entries import AttachmentRules
from ingestion.sources.base import Attachment, AttachmentSource, DownloadLimits
from ingestion.sources.downloads import require_type
from ingestion.sources.http import HttpRefusalError
from warehouse.logs import bound_contextvars
from warehouse.tables import SUBMISSIONS, attachments

LOG = logging.getLogger(__name__)
MEGABYTE = 1_000_000
# What earlier runs did not get may never be got; it must not cost every night.
RETRIES_PER_RUN = 200
# After so many in a row it is not the files that are amiss.
MOST_FAILURES_IN_A_ROW = 5


def fetch_attachments(  # noqa: PLR0913 - what a test or a DAG may want to decide
    form_name: str,
    *,
    registry: Registry | None = None,
    engine: Engine | None = None,
    source: AttachmentSource | None = None,
    store: AttachmentStore | None = None,
    clock: Clock = utc_now,
    progress: ProgressCallback = no_progress,
) -> AttachmentReport:
    """Bring the store up to date with one form's files and return what was done.

    A form whose entry has no `attachments` gets none fetched; what was fetched of it
    before is still removed with its records. Such a form without files costs a query.

    Args:
        form_name: The form's name or role.
        registry: None loads it (see `load_registry`).
        engine: On the warehouse, where the form has been landed. None takes
            `WAREHOUSE_URL`.
        source: The form's server. None opens what the registry names.
        store: Where files are kept. None takes `JOURNAL_ATTACHMENTS`.
        clock: Tells the time.
        progress: Told what is being done and how many are done.

    Raises:
        IngestionError: One of `ingestion.errors`; what was stored before stays stored.
        WarehouseUnavailableError: The database cannot be reached.
    """
    form = find_form(form_name, registry or load_registry())
    started = time.monotonic()
    run_id = uuid.uuid4()
    outcomes: Counter[str] = Counter()
    with (
        bound_contextvars(
            form=form.name, form_id=form.form_id, fetching_run_id=str(run_id)
        ),
        ready_warehouse(engine) as warehouse,
    ):
        raw = SUBMISSIONS[form.role]
        ledger = Ledger(warehouse, raw, form.form_id, run_id, clock)
        if form.attachments or ledger.has_files():
            with hold_files(warehouse, form):
                used = store or open_store()
                used.forget_incoming(form.form_id)
                _remove_deleted(ledger, used, outcomes)
                if form.attachments:
                    limits = _limits(form.attachments)
                    slot = partial(
                        hold_server, warehouse, form, progress, gives_way=True
                    )
                    with _source(form, source) as opened:
                        fetching = _Fetching(
                            form, ledger, opened, used, limits, slot, progress, outcomes
                        )
                        fetching.list_files()
                        fetching.fetch_files()
                    _remove_deleted(ledger, used, outcomes)
        held = ledger.held()
    return AttachmentReport(
        form=form.name,
        form_id=form.form_id,
        run_id=str(run_id),
        stored=outcomes["stored"],
        missing=outcomes["missing"],
        too_large=outcomes["too_large"],
        refused_type=outcomes["refused_type"],
        failed=outcomes["failed"],
        deleted=outcomes["deleted"],
        unlisted=outcomes["unlisted"],
        kept=held["stored"],
        waiting=held["waiting"],
        seconds=round(time.monotonic() - started, 2),
    )


def forms_with_files(
    registry: Registry | None = None, engine: Engine | None = None
) -> list[str]:
    """Return the names of the forms that keep files, or still have some from before."""
    registry = registry or load_registry()
    with ready_warehouse(engine) as warehouse, warehouse.connect() as connection:
        query = select(attachments.c.form_id).where(
            attachments.c.stored_path.is_not(None)
        )
        held = set(connection.execute(query.distinct()).scalars())
    return [
        form.name for form in registry.forms if form.attachments or form.form_id in held
    ]


def _remove_deleted(
    ledger: Ledger, store: AttachmentStore, outcomes: Counter[str]
) -> None:
    outcomes["deleted"] += ledger.note_deletions()
    ledger.remove_unclaimed(store.remove)


def _limits(rules: AttachmentRules) -> DownloadLimits:
    return DownloadLimits(rules.max_megabytes * MEGABYTE, tuple(rules.types))


@contextmanager
def _source(form: Form, source: AttachmentSource | None) -> Iterator[AttachmentSource]:
    if source is not None:
        yield source
        return
    with source_of_form(form) as opened:
        if not isinstance(opened, AttachmentSource):
            raise RegistryError(
                f"The server of form {form.name!r} has no attachments that could be "
                "fetched: remove `attachments` from the form's entry."
            )
        yield opened


@dataclass(slots=True)
class _Fetching:
    """One run of one form; it exists to hold what its steps share."""

    form: Form
    ledger: Ledger
    source: AttachmentSource
    store: AttachmentStore
    limits: DownloadLimits
    slot: Callable[[], AbstractContextManager[None]]
    progress: ProgressCallback
    outcomes: Counter[str]
    in_a_row: int = field(default=0, init=False)

    def list_files(self) -> None:
        """Note which files there are, and remove those that no longer are."""
        done = count(1)
        for some in self.ledger.unlisted():
            asked: list[Listed] = []
            for listed in some:
                if self.source.lists_by_request(listed.payload):
                    asked.append(listed)
                else:
                    self._list(listed, next(done))
            if asked:
                with self._turn():
                    for listed in asked:
                        self._list(listed, next(done))
        self._remove_deleted()

    def fetch_files(self) -> None:
        """Fetch what was never tried, then some of what was not got before."""
        done = count(1)
        # Asked for first: what this run does not get is left to the next.
        again = self.ledger.worth_another_try(self.limits, RETRIES_PER_RUN)
        for some in chain(self.ledger.waiting(), again):
            with self._turn():
                for row in self.ledger.still_wanted(some):
                    self.outcomes[self._fetch(row)] += 1
                    self.progress("files fetched", next(done), None)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Hold a slot of the server for a batch; what is gone does not wait for it."""
        self._remove_deleted()
        with self.slot():
            yield

    def _remove_deleted(self) -> None:
        _remove_deleted(self.ledger, self.store, self.outcomes)

    def _list(self, listed: Listed, number: int) -> None:
        try:
            found = self.source.attachments(listed.submission_id, listed.payload)
        except SourceError as error:
            self._note_unlisted(listed, error)
        else:
            self.in_a_row = 0
            if found or listed.has_rows:
                self.outcomes["deleted"] += self.ledger.note_files(listed, found)
        self.progress("files listed", number, None)

    def _note_unlisted(self, listed: Listed, error: SourceError) -> None:
        LOG.warning(
            "The files of submission %s were not listed: %s",
            listed.submission_id,
            error,
        )
        self.outcomes["unlisted"] += 1
        self._give_up_if_hopeless(error)

    def _fetch(self, row: RowMapping) -> str:
        """Fetch one file and return its new status."""
        try:
            self._download(row)
        except SourceError as error:
            status, facts = _outcome(error)
            self.ledger.note_outcome(row, status, str(error), facts)
            self._give_up_if_hopeless(error)
            return status
        self.in_a_row = 0
        return "stored"

    def _download(self, row: RowMapping) -> None:
        attachment = Attachment(
            row["attachment_key"],
            row["file_name"],
            row["question_path"],
            row["media_type"] or mimetypes.guess_type(row["file_name"])[0],
        )
        if attachment.media_type:  # to be refused needs no request
            require_type(attachment.media_type, self.limits)
        with self.source.download(
            row["submission_id"], attachment, self.limits
        ) as download:
            incoming = self.store.receive(self.form.form_id, download.chunks)
            extension = _extension(download.media_type, attachment.name)
            path = self.ledger.path_of_equal(incoming.sha256)
            path = path or incoming.stored_path(extension)
            self.ledger.keep(row, incoming, path, download.media_type, self.store)

    def _give_up_if_hopeless(self, error: SourceError) -> None:
        """Raise the error when it is not about one file.

        Raises:
            SourceError: The account is not let in or may see nothing, or the server is
                away.
        """
        status = getattr(error, "status", None)
        if status == HTTPStatus.UNAUTHORIZED:
            raise error
        is_common = isinstance(error, SourceUnavailableError)
        is_common = is_common or status == HTTPStatus.FORBIDDEN
        self.in_a_row = self.in_a_row + 1 if is_common else 0
        if self.in_a_row >= MOST_FAILURES_IN_A_ROW:
            raise error


def _outcome(error: SourceError) -> tuple[str, dict[str, Any]]:
    """Return the status that an error leads to, and what it tells of the file."""
    if isinstance(error, FileTooLargeError):
        return "too_large", {"size_bytes": error.size}
    if isinstance(error, FileTypeError):
        return "refused_type", {"media_type": error.media_type}
    is_missing = (
        isinstance(error, HttpRefusalError) and error.status == HTTPStatus.NOT_FOUND
    )
    return ("missing" if is_missing else "failed"), {}


def _extension(media_type: str | None, name: str) -> str:
    guessed = mimetypes.guess_extension(media_type) if media_type else None
    return guessed or PurePosixPath(name).suffix
