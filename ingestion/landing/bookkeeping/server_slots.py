"""How many runs may read from one form server at once, over all machines.

People in the field use the same server. Runs that share a warehouse share its slots:
advisory locks, which the database frees by itself when a run dies.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from ingestion.errors import ServerBusyError
from ingestion.landing.progress import ProgressCallback, no_progress
from ingestion.registry import Form
from ingestion.registry.entries import FilesServer

LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 1_800.0  # a first load of a large form may take that long

TRY_SLOT = text("select pg_try_advisory_lock(hashtext(:server_name), :slot)")
FREE_SLOT = text("select pg_advisory_unlock(hashtext(:server_name), :slot)")


@contextmanager
def hold_server(
    engine: Engine,
    form: Form,
    progress: ProgressCallback = no_progress,
    *,
    patience_seconds: float = PATIENCE_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Hold one of the slots of the form's server while the block runs.

    Raises:
        ServerBusyError: None became free in time.
    """
    if isinstance(form.server, FilesServer):  # a folder has no limit
        yield
        return
    slots = form.server.runs_at_once
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as book:
        slot = _wait_for_slot(book, form, slots, patience_seconds, sleep, progress)
        try:
            yield
        finally:
            _free(book, form, slot)


def _wait_for_slot(  # noqa: PLR0913, PLR0917 - what `hold_server` was given
    book: Connection,
    form: Form,
    slots: int,
    patience_seconds: float,
    sleep: Callable[[float], None],
    progress: ProgressCallback,
) -> int:
    waited = 0.0
    while waited <= patience_seconds:
        for slot in range(slots):
            values = {"server_name": form.server_name, "slot": slot}
            if book.execute(TRY_SLOT, values).scalar_one():
                return slot
        progress(f"waiting for server {form.server_name}", 0)
        sleep(LOOK_SECONDS)
        waited += LOOK_SECONDS
    raise ServerBusyError(
        f"{slots} runs are reading from server {form.server_name!r} "
        f"already, and none ended while form {form.name!r} waited: run it again later, "
        "or raise the server's runs_at_once in the registry."
    )


def _free(book: Connection, form: Form, slot: int) -> None:
    if book.closed or book.invalidated:
        return
    try:
        book.execute(FREE_SLOT, {"server_name": form.server_name, "slot": slot})
    except BaseException:
        if not book.invalidated:  # else the session has ended, and with it the slot
            book.invalidate()  # the pool would keep it
            raise
