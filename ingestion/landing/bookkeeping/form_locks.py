"""Who may work on a form right now: one run that lands it, fetches or publishes.

Advisory locks, which the database frees by itself when a run dies. None of them waits
for another: photos may take hours, and no figure waits for them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from ingestion.errors import FormBusyError
from ingestion.registry import Form

BUSY_SECONDS = 5

LOCK = text("select pg_advisory_lock(hashtextextended(:form_id, :work))")
UNLOCK = text("select pg_advisory_unlock(hashtextextended(:form_id, :work))")


class Work(IntEnum):
    """What is done to a form; the seed of its lock. 1 is that of a stored file's."""

    LANDING = 0
    FETCHING = 2
    PUBLISHING = 3


DOING = {
    Work.LANDING: "landing form {name!r}",
    Work.FETCHING: "fetching the files of form {name!r}",
    Work.PUBLISHING: "publishing the lists of form {name!r}",
}


@contextmanager
def hold_files(engine: Engine, form: Form) -> Iterator[None]:
    """Keep every other run away that fetches or removes files of `form`.

    Raises:
        FormBusyError: Another run holds them.
    """
    with (
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as book,
        locked(book, form, Work.FETCHING),
    ):
        yield


@contextmanager
def hold_media(engine: Engine, form: Form) -> Iterator[None]:
    """Keep every other run away that publishes the lists of `form`.

    Raises:
        FormBusyError: Another run holds them.
    """
    with (
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as book,
        locked(book, form, Work.PUBLISHING),
    ):
        yield


@contextmanager
def locked(book: Connection, form: Form, work: Work) -> Iterator[None]:
    """Hold the lock of this work on `form` while the block runs.

    Args:
        book: In autocommit; the lock is its session's.
        form: The form.
        work: What is done to it.

    Raises:
        FormBusyError: Another run holds it.
    """
    _lock(book, form, work)
    try:
        yield
    finally:
        _unlock(book, form, work)


def _lock(book: Connection, form: Form, work: Work) -> None:
    try:
        book.execute(text(f"set lock_timeout = '{BUSY_SECONDS}s'"))
        book.execute(LOCK, {"form_id": form.form_id, "work": int(work)})
        book.execute(text("reset lock_timeout"))
    except BaseException as error:
        # The pool would keep the session, and with it the lock or the setting.
        book.invalidate()
        if not _is_busy(error):
            raise
        doing = DOING[work].format(name=form.name)
        raise FormBusyError(
            f"Another run is {doing} right now: wait until it has ended, then run it "
            "again if it is still needed."
        ) from error


def _is_busy(error: BaseException) -> bool:
    return isinstance(error, DBAPIError) and isinstance(error.orig, LockNotAvailable)


def _unlock(book: Connection, form: Form, work: Work) -> None:
    if book.closed or book.invalidated:
        return
    try:
        book.execute(UNLOCK, {"form_id": form.form_id, "work": int(work)})
    except BaseException:
        is_gone = book.invalidated  # the session has ended, and with it the lock
        if not is_gone:
            book.invalidate()  # the pool would keep it
            raise
