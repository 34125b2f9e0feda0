"""How many runs may read from one form server at once, over all machines.

People in the field use the same server. Runs that share a warehouse share its slots:
advisory locks, which the database frees by itself when a run dies. Who waits stands in
a queue, and a run that gives way takes no slot while anybody does: it takes one batch
after the other, and would be there first whenever it frees its own.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy import Connection, Engine, TextClause, text

from ingestion.errors import ServerBusyError
from ingestion.landing.progress import ProgressCallback, no_progress
from ingestion.registry import Form
from ingestion.registry.entries import FilesServer, KoboServer, OdkServer

LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 1_800.0  # a first load of a large form may take that long
QUEUE = -1  # instead of a slot's number

TRY_SLOT = text("select pg_try_advisory_lock(hashtext(:server_name), :slot)")
FREE_SLOT = text("select pg_advisory_unlock(hashtext(:server_name), :slot)")
# Shared: there is room for everybody. Who gives way holds it alone for a moment.
QUEUE_UP = text("select pg_advisory_lock_shared(hashtext(:server_name), :slot)")
LEAVE_QUEUE = text("select pg_advisory_unlock_shared(hashtext(:server_name), :slot)")


@contextmanager
def hold_server(  # noqa: PLR0913 - the pause is an argument, as for every wait
    engine: Engine,
    form: Form,
    progress: ProgressCallback = no_progress,
    *,
    gives_way: bool = False,
    patience_seconds: float = PATIENCE_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Hold one of the slots of the form's server while the block runs.

    Args:
        engine: On the warehouse that the runs share.
        form: Whose server.
        progress: Told that the run waits.
        gives_way: Take no slot while a run that does not give way waits for one.
        patience_seconds: How long to wait.
        sleep: Waits that many seconds.

    Raises:
        ServerBusyError: None became free in time.
    """
    if isinstance(form.server, FilesServer):  # a folder has no limit
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as book:
        slots = _Slots(book, form, form.server)

        def rest() -> None:
            progress(f"waiting for server {form.server_name}", 0)
            sleep(LOOK_SECONDS)

        slot = slots.wait(patience_seconds, rest, gives_way=gives_way)
        try:
            yield
        finally:
            slots.free(slot)


class _Slots:
    """The slots of a form's server, as one session of the database takes them."""

    def __init__(
        self, book: Connection, form: Form, server: KoboServer | OdkServer
    ) -> None:
        self._book = book
        self._form = form
        self._count = server.runs_at_once

    def wait(
        self,
        patience_seconds: float,
        rest: Callable[[], None],
        *,
        gives_way: bool,
    ) -> int:
        """Return the slot that was taken; between two looks, rest."""
        take = self._take_behind_the_queue if gives_way else self._take
        slot = take()
        if slot is not None:
            return slot
        waited = 0.0
        with nullcontext() if gives_way else self._queued():
            while waited < patience_seconds:
                rest()
                waited += LOOK_SECONDS
                slot = take()
                if slot is not None:
                    return slot
        raise ServerBusyError(
            f"{self._count} runs are reading from server {self._form.server_name!r} "
            f"already, and none ended while form {self._form.name!r} waited: run it "
            "again later, or raise the server's runs_at_once in the registry."
        )

    def free(self, slot: int) -> None:
        """Give a slot back."""
        self._give_back(FREE_SLOT, slot)

    def _take(self) -> int | None:
        taken = (slot for slot in range(self._count) if self._try(slot))
        return next(taken, None)

    def _take_behind_the_queue(self) -> int | None:
        if not self._try(QUEUE):
            return None
        try:
            return self._take()
        finally:
            self._give_back(FREE_SLOT, QUEUE)

    @contextmanager
    def _queued(self) -> Iterator[None]:
        self._ask(QUEUE_UP, QUEUE)
        try:
            yield
        finally:
            self._give_back(LEAVE_QUEUE, QUEUE)

    def _try(self, slot: int) -> bool:
        return bool(self._ask(TRY_SLOT, slot))

    def _ask(self, question: TextClause, slot: int) -> object:
        values = {"server_name": self._form.server_name, "slot": slot}
        return self._book.execute(question, values).scalar_one()

    def _give_back(self, statement: TextClause, slot: int) -> None:
        if self._book.closed or self._book.invalidated:
            return
        try:
            self._ask(statement, slot)
        except BaseException:
            # Else the session has ended, and with it the lock.
            if not self._book.invalidated:
                self._book.invalidate()  # the pool would keep it
                raise
