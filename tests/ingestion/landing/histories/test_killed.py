"""A process that is killed, and a database that stops, at chosen moments of a run."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from ingestion.errors import IngestionError
from sandbox import postgres
from tests.ingestion.conftest import settings, write_registry
from tests.ingestion.landing.histories.disturbed import (
    FIRST,
    SECOND,
    before_every_statement,
    content,
    eventful_form,
    keep,
    put_back,
)
from tests.ingestion.landing.histories.kinds import Access
from tests.ingestion.landing.histories.kobo import Kobo
from warehouse.connection import open_engine
from warehouse.errors import WarehouseError
from warehouse.tables import create_all

PATIENCE_SECONDS = 30
WAITING = """
select count(*) from pg_locks where not granted and relation::regclass::text ~ 'raw[.]'
"""


def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is so, or fail."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"it never came to this: {what}"
        time.sleep(0.02)


class Later:
    """A second run, ready to be disturbed, and what it comes to when it is not."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.kind = Kobo()
        self.server = self.kind.serve(eventful_form(), FIRST)
        self.land()
        keep(engine)
        self.before = content(engine)
        self.server.set_clock(SECOND)
        self.land()
        self.done = content(engine)
        put_back(engine)

    def land(self, before: Callable[[int], None] = lambda _number: None) -> None:
        self.kind.land(self.server, self.engine, Access(before=before))


@pytest.fixture
def later(engine: Engine) -> Iterator[Later]:
    later = Later(engine)
    yield later
    later.server.stop()


# kill -9


@pytest.fixture
def start_process(
    later: Later, warehouse_with_tables: str, tmp_path: Path
) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    registry = write_registry(tmp_path)
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "ingestion", "land", "--form", "journal"],
            env={
                **os.environ,
                **settings(later.server, registry),
                "WAREHOUSE_URL": warehouse_with_tables,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def _kill_at_request(later: Later, process: subprocess.Popen[bytes]) -> None:
    until(
        lambda: any(request["faults"] for request in later.server.requests),
        "the request at which it is killed",
    )
    process.kill()
    process.wait()
    later.server.set_faults()
    later.server.clear_requests()


@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param((0, 4), id="some requests"),
        pytest.param(range(9), id="every request", marks=pytest.mark.long),
    ],
)
def test_a_process_killed_at_a_request_leaves_the_next_run_all_to_do(
    later: Later,
    start_process: Callable[[], subprocess.Popen[bytes]],
    numbers: tuple[int, ...],
) -> None:
    later.server.clear_requests()
    for number in numbers:
        # It waits for an answer when it is killed.
        later.server.set_faults({"kind": "slow", "after": number, "seconds": 2})
        _kill_at_request(later, start_process())

        assert content(later.engine) == later.before
    later.land()

    assert content(later.engine) == later.done


def test_a_process_killed_while_it_writes_leaves_the_next_run_all_to_do(
    later: Later, start_process: Callable[[], subprocess.Popen[bytes]]
) -> None:
    with later.engine.connect() as reader, later.engine.connect() as writer:
        writer.execute(text("lock table raw.forms__journals in share mode"))
        process = start_process()
        until(
            lambda: bool(reader.execute(text(WAITING)).scalar_one()),
            "a statement that writes to raw",
        )
        process.kill()
        process.wait()
    later.land()

    assert content(later.engine) == later.done


# Postgres stops


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[postgres.Postgres]:
    with tempfile.TemporaryDirectory(
        prefix="warehouse-killed-", ignore_cleanup_errors=True
    ) as folder:
        data_dir = Path(folder) / "postgres"
        try:
            yield postgres.start(data_dir)
        finally:
            postgres.stop(data_dir)


@pytest.fixture
def on_own_postgres(own_postgres: postgres.Postgres) -> Iterator[Later]:
    own_postgres.run_sql('drop database if exists "stopped" with (force)')
    own_postgres.ensure_database("stopped")
    engine = open_engine(own_postgres.url("stopped"))
    create_all(engine)
    later = Later(engine)
    own_postgres.run_sql("checkpoint")  # the sandbox's may lose its last second
    yield later
    later.server.stop()
    engine.dispose()


def stop_and_start(server: postgres.Postgres) -> None:
    """Stop a server at once, as if its machine had lost power, and start it again."""
    pid = int((server.data_dir / "postmaster.pid").read_text().splitlines()[0])
    postmaster = psutil.Process(pid)
    postmaster.send_signal(signal.SIGQUIT)
    psutil.wait_procs([postmaster], timeout=PATIENCE_SECONDS)
    assert postgres.start(server.data_dir).port == server.port


# The page on its way when the run ends is nobody's; in life the process ends with it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "at_request",
    [
        pytest.param(1, marks=pytest.mark.long),
        6,
        pytest.param(9, marks=pytest.mark.long),
        pytest.param(12, marks=pytest.mark.long),
    ],
)
def test_a_database_that_stops_during_a_run_has_all_of_it_or_nothing(
    own_postgres: postgres.Postgres, on_own_postgres: Later, at_request: int
) -> None:
    later = on_own_postgres
    is_back = threading.Event()

    def stop(number: int) -> None:
        if number == at_request:
            stop_and_start(own_postgres)
            is_back.set()

    with pytest.raises((DBAPIError, IngestionError, WarehouseError)):
        later.land(before=stop)
    # Pages are asked for in a thread, so the run may end before the server is back.
    assert is_back.wait(PATIENCE_SECONDS)
    assert content(later.engine) in (later.before, later.done)

    later.land()
    assert content(later.engine) == later.done


def test_a_database_that_stops_at_the_commit_has_all_of_it_or_nothing(
    own_postgres: postgres.Postgres, on_own_postgres: Later
) -> None:
    later = on_own_postgres
    is_stopped = False

    def stop(session: psycopg.Connection[object]) -> None:
        nonlocal is_stopped
        if not is_stopped and later.server.requests and _holds_rows(session):
            is_stopped = True
            stop_and_start(own_postgres)

    later.server.clear_requests()
    with (
        before_every_statement(stop),
        pytest.raises((DBAPIError, IngestionError, WarehouseError)),
    ):
        later.land()
    assert is_stopped
    assert content(later.engine) == later.before

    later.land()
    assert content(later.engine) == later.done


def _holds_rows(session: psycopg.Connection[object]) -> bool:
    """Return whether a session's transaction has written rows to raw."""
    if session.info.transaction_status != psycopg.pq.TransactionStatus.INTRANS:
        return False
    found = session.pgconn.exec_(
        b"select count(*) from pg_locks where pid = pg_backend_pid()"
        b" and relation = 'raw.forms__journals'::regclass"
        b" and mode = 'RowExclusiveLock'"
    )
    return found.get_value(0, 0) != b"0"
