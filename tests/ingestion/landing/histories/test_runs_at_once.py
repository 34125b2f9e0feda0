"""Runs beside runs: of one form one after the other, of two forms at once."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from ingestion.errors import FormBusyError, IngestionError, WarehouseRefusedError
from ingestion.landing import LandingReport
from sandbox.kobo import KoboServer
from sandbox.pilot.model import Event, Form
from tests.ingestion.conftest import MAPS, Rows, land_from, settings, write_registry
from tests.ingestion.landing.histories.disturbed import (
    FIRST,
    SECOND,
    content,
    eventful_form,
)
from tests.ingestion.small_forms import UID, day

OTHER_UID = "aSmallJournalForTests2"
SECONDS = 30  # a test that waits longer has failed
COUNTS = """
select
    count(*) as rows,
    count(distinct (form_id, submission_id, version_number)) as versions
from raw.forms__journals
"""


def other_form(form: Form) -> Form:
    """Return the same form under another uid, with ids of its own."""

    def moved(event: Event) -> Event:
        number = event.submission_id + 1_000
        record = event.record and {**event.record, "_id": number}
        return replace(event, submission_id=number, record=record)

    return replace(form, uid=OTHER_UID, events=tuple(map(moved, form.events)))


@pytest.fixture
def server() -> Iterator[KoboServer]:
    form = eventful_form()
    with KoboServer([form, other_form(form)], clock=FIRST) as server:
        yield server


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def land(server: KoboServer, engine: Engine, uid: str = UID) -> LandingReport:
    return land_from(server.url, server.token, uid, engine, MAPS / "small_journal.yml")


class Pause:
    """Holds the first request of a kind back until it may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, wanted: str) -> None:
        self.is_reached = threading.Event()
        self.may_go_on = threading.Event()
        self._wanted = wanted
        self._is_first = threading.Lock()
        monkeypatch.setattr(
            "ingestion.sources.http.PatientClient.get", self._around(_original_get())
        )

    def _around(self, get: Callable[..., Any]) -> Callable[..., Any]:
        def paused(client: object, path: str, *more: Any) -> Any:  # noqa: ANN401 - JSON
            if self._wanted in f"{path}{more}" and self._is_first.acquire(
                blocking=False
            ):
                self.is_reached.set()
                assert self.may_go_on.wait(SECONDS)
            return get(client, path, *more)

        return paused


def _original_get() -> Callable[..., Any]:
    from ingestion.sources.http import PatientClient  # noqa: PLC0415 - before the patch

    return PatientClient.get


def outcome(run: Future[LandingReport]) -> LandingReport | IngestionError:
    try:
        return run.result(SECONDS)
    except IngestionError as error:
        return error


def test_runs_of_one_form_in_threads_land_it_once(
    server: KoboServer, engine: Engine, rows: Rows, pool: ThreadPoolExecutor
) -> None:
    for moment, landed in ((FIRST, 10), (SECOND, 6)):
        server.set_clock(moment)
        runs = [pool.submit(land, server, engine) for _ in range(3)]
        found = [outcome(run) for run in runs]

        reports = [one for one in found if isinstance(one, LandingReport)]
        assert all(isinstance(one, LandingReport | FormBusyError) for one in found)
        assert sum(report.changed for report in reports) == landed
    (counts,) = rows(COUNTS)
    assert counts["rows"] == counts["versions"] == 16


def test_runs_of_one_form_in_processes_land_it_once(
    server: KoboServer, rows: Rows, warehouse_with_tables: str, tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        **settings(server, write_registry(tmp_path)),
        "WAREHOUSE_URL": warehouse_with_tables,
    }
    command = [sys.executable, "-m", "ingestion", "land", "--form", "journal"]
    processes = [
        subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.wait(2 * SECONDS) in (0, 1)

    assert 0 in [process.returncode for process in processes]
    (counts,) = rows(COUNTS)
    assert counts["rows"] == counts["versions"] == 10


def test_a_run_that_waits_longer_than_it_may_says_so_and_lands_nothing(
    server: KoboServer,
    engine: Engine,
    pool: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingestion.landing.bookkeeping.form_locks.BUSY_SECONDS", 1)
    pause = Pause(monkeypatch, "lte")
    first = pool.submit(land, server, engine)
    assert pause.is_reached.wait(SECONDS)
    try:
        with pytest.raises(FormBusyError):
            land(server, engine)
    finally:
        pause.may_go_on.set()

    assert first.result(SECONDS).new == 10
    assert land(server, engine).changed == 0


@pytest.mark.parametrize("moment", [FIRST, SECOND], ids=["first run", "later run"])
def test_a_run_of_another_form_does_not_wait(
    server: KoboServer,
    engine: Engine,
    pool: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
    moment: object,
) -> None:
    if moment is SECOND:
        land(server, engine)
        land(server, engine, OTHER_UID)
        server.set_clock(SECOND)
    # All that the run read and fetched is done; what it writes is not.
    pause = Pause(monkeypatch, "lte")
    slow = pool.submit(land, server, engine)
    assert pause.is_reached.wait(SECONDS)
    try:
        other = pool.submit(land, server, engine, OTHER_UID)
        assert other.result(SECONDS / 2).changed == (10 if moment is FIRST else 6)
    finally:
        pause.may_go_on.set()

    assert slow.result(SECONDS).changed == (10 if moment is FIRST else 6)


def test_a_run_does_not_wait_for_who_reads(
    server: KoboServer, engine: Engine, pool: ThreadPoolExecutor
) -> None:
    land(server, engine)
    server.set_clock(SECOND)
    with engine.connect() as reader:
        for table in (
            "raw.forms__journals",
            "raw.forms__versions",
            "ops.submission_states",
            "ops.sync_runs",
            "pii.family_contacts",
        ):
            reader.execute(text(f"select * from {table}")).all()  # noqa: S608 - our own tables
        run = pool.submit(land, server, engine)
        try:
            assert run.result(SECONDS / 2).changed == 6
        finally:
            reader.rollback()


def test_who_reads_does_not_wait_for_a_run(
    server: KoboServer,
    engine: Engine,
    rows: Rows,
    pool: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    land(server, engine)
    server.set_clock(SECOND)
    pause = Pause(monkeypatch, "/history/")
    run = pool.submit(land, server, engine)
    assert pause.is_reached.wait(SECONDS)
    try:
        read = pool.submit(rows, "select * from raw.forms__journals")
        assert len(read.result(SECONDS / 2)) == 10
    finally:
        pause.may_go_on.set()
    assert run.result(SECONDS).changed == 6


@pytest.mark.long
@pytest.mark.parametrize("request_before", ["lte", "/history/"])
def test_a_run_that_lost_its_hold_on_the_form_doubles_nothing(  # noqa: PLR0913, PLR0917 - fixtures
    server: KoboServer,
    engine: Engine,
    rows: Rows,
    pool: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
    request_before: str,
) -> None:
    land(server, engine)
    server.set_clock(day(30))
    pause = Pause(monkeypatch, request_before)
    slow = pool.submit(land, server, engine)
    assert pause.is_reached.wait(SECONDS)
    ended = rows(
        "select pg_terminate_backend(pid, 5000) from pg_locks"
        " where locktype = 'advisory'"
    )
    assert ended
    second = pool.submit(land, server, engine)
    # Both write the same versions, so the second waits for the first one's transaction.
    while not second.done() and not rows("select 1 from pg_locks where not granted"):
        pass
    pause.may_go_on.set()
    found = [outcome(slow), outcome(second)]
    reports = [one for one in found if isinstance(one, LandingReport)]
    refused = [one for one in found if isinstance(one, WarehouseRefusedError)]
    assert sum(report.changed for report in reports) == 5
    assert len(reports) + len(refused) == 2

    (counts,) = rows(COUNTS)
    assert counts["rows"] == counts["versions"] == 15
    before = content(engine)
    assert land(server, engine).changed == 0
    assert content(engine) == before
