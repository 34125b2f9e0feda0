"""The record of a run: begun, succeeded, failed or died; one at a time for a form."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import DBAPIError, OperationalError

from ingestion.clock import Clock
from ingestion.errors import IngestionError
from ingestion.landing.bookkeeping.form_locks import Work, locked
from ingestion.registry import Form
from warehouse.errors import WarehouseError
from warehouse.logs import bound_contextvars
from warehouse.tables import sync_runs

LOG = logging.getLogger(__name__)
RunKind = Literal["land", "remap"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one form.

    Attributes:
        run_id: Its identifier in every table it writes.
        started_at: By our clock.
        last_run_id: The last good run that asked the server.
        last_swept_at: By the server's clock: when that run swept the form.
        last_map_hash: Of the field map the last good run of any kind used.
    """

    run_id: uuid.UUID
    started_at: datetime
    last_run_id: uuid.UUID | None
    last_swept_at: datetime | None
    last_map_hash: str | None

    def succeed(
        self,
        connection: Connection,
        ended_at: datetime,
        swept_at: datetime | None,
        map_hash: str,
    ) -> None:
        """Record success, in the transaction that holds what the run landed."""
        connection.execute(
            update(sync_runs)
            .where(sync_runs.c.run_id == self.run_id)
            .values(
                status_code="succeeded",
                ended_at=ended_at,
                swept_at=swept_at,
                field_map_hash=map_hash,
            )
        )


@contextmanager
def record_run(
    engine: Engine,
    form: Form,
    clock: Clock,
    *,
    is_full: bool = False,
    kind: RunKind = "land",
) -> Iterator[Run]:
    """Record a run of `form` and keep every other run of it away meanwhile.

    What happens to the run is written by a connection of its own, so that a failure is
    on record although everything else the run did is undone.

    Raises:
        FormBusyError: Another run holds the form.
    """
    with (
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as book,
        locked(book, form, Work.LANDING),
    ):
        run = _begin(book, form, clock(), is_full=is_full, kind=kind)
        with bound_contextvars(
            form=form.name, form_id=form.form_id, landing_run_id=str(run.run_id)
        ):
            try:
                yield run
            except BaseException as error:
                _fail(book, run, clock(), error)
                LOG.info("The run failed: %s.", _kind(error))
                raise


def _begin(
    book: Connection, form: Form, now: datetime, *, is_full: bool, kind: RunKind
) -> Run:
    # We hold the form's lock, so a run that says it is running is not.
    book.execute(
        update(sync_runs)
        .where(sync_runs.c.form_id == form.form_id)
        .where(sync_runs.c.status_code == "running")
        .values(status_code="died", ended_at=now, message="It ended without a word.")
    )
    good = (
        select(sync_runs.c.run_id, sync_runs.c.swept_at, sync_runs.c.field_map_hash)
        .where(sync_runs.c.form_id == form.form_id)
        .where(sync_runs.c.status_code == "succeeded")
        .order_by(sync_runs.c.run_number.desc())
        .limit(1)
    )
    last = book.execute(good).first()
    # One that read answers anew has seen no submission on the server.
    last_landing = book.execute(good.where(sync_runs.c.kind_code == "land")).first()
    run = Run(
        run_id=uuid.uuid4(),
        started_at=now,
        last_run_id=last_landing.run_id if last_landing else None,
        last_swept_at=last_landing.swept_at if last_landing else None,
        last_map_hash=last.field_map_hash if last else None,
    )
    book.execute(
        insert(sync_runs).values(
            run_id=run.run_id,
            form_id=form.form_id,
            role_code=form.role,
            server_name=form.server_name,
            status_code="running",
            kind_code=kind,
            is_full=is_full,
            started_at=now,
        )
    )
    return run


def _fail(book: Connection, run: Run, now: datetime, error: BaseException) -> None:
    if book.invalidated:
        return  # the database itself is gone; the next run will find this one dead
    with suppress(OperationalError):  # the same, and the error itself says more
        book.execute(
            update(sync_runs)
            .where(sync_runs.c.run_id == run.run_id)
            .values(
                status_code="failed",
                failure_code=_kind(error),
                ended_at=now,
                message=_sentence(error),
            )
        )


def _kind(error: BaseException) -> str:
    if isinstance(error, IngestionError | WarehouseError):
        return error.kind
    return "interrupted" if isinstance(error, KeyboardInterrupt) else "unexpected"


def _sentence(error: BaseException) -> str:
    if isinstance(error, IngestionError | WarehouseError):
        return str(error)
    if isinstance(error, DBAPIError):
        # The database repeats rows in its messages, and rows hold answers.
        state = getattr(error.orig, "sqlstate", None)
        return f"The database refused a statement (SQLSTATE {state})."
    if isinstance(error, KeyboardInterrupt):
        return "It was interrupted."
    return f"Unexpected {type(error).__name__}: see the log."
