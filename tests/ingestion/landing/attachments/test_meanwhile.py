"""What happens while files are fetched: landings, deletions, and a busy server."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from ingestion.errors import FormBusyError, ServerBusyError
from ingestion.landing.attachments import fetching, ledger
from ingestion.landing.bookkeeping import server_slots
from ingestion.landing.bookkeeping.server_slots import hold_server
from ingestion.sources.kobo import KoboSource
from sandbox.kobo import KoboServer
from tests.ingestion.conftest import Rows
from tests.ingestion.landing.attachments.small_photos import (
    Album,
    add,
    file_of,
    statuses,
    two_families,
)
from tests.ingestion.small_forms import Life, day

CONTENTS = {"a1": b"one", "a2": b"two", "b1": b"three"}


@dataclass
class Between:
    """A server beside which things happen as soon as it has answered."""

    real: KoboSource
    at_file: dict[str, Callable[[], object]] = field(default_factory=dict)
    at_list: dict[str, Callable[[], object]] = field(default_factory=dict)
    is_asked_for_lists: bool = False
    asked: list[str] = field(default_factory=list)

    def lists_by_request(self, _: object) -> bool:
        return self.is_asked_for_lists

    def attachments(self, submission_id: str, payload: dict[str, Any]) -> Any:  # noqa: ANN401 - as the real one
        found = self.real.attachments(submission_id, payload)
        self.at_list.get(submission_id, int)()
        return found

    @contextmanager
    def download(self, submission_id: str, attachment: Any, limits: Any) -> Any:  # noqa: ANN401 - as the real one
        self.asked.append(attachment.key)
        with self.real.download(submission_id, attachment, limits) as download:
            self.at_file.get(attachment.key, int)()
            yield download


Beside = Callable[[KoboServer], Between]


@pytest.fixture
def beside(album: Album) -> Iterator[Beside]:
    with ExitStack() as opened:

        def between(server: KoboServer) -> Between:
            client = opened.enter_context(album.client(server))
            return Between(album.source(client))

        yield between


def land_on(album: Album, server: KoboServer, at: float) -> None:
    server.set_clock(day(at))
    album.land(server)


@pytest.mark.parametrize("moment", ["a1", "a2", "b1"])
def test_a_landing_does_not_wait_for_a_fetch_and_what_it_deletes_goes_at_once(
    album: Album, beside: Beside, rows: Rows, moment: str
) -> None:
    life = two_families()
    life.delete(1, 16)
    server = album.serve(life, **CONTENTS)
    album.land(server)
    source = beside(server)
    source.at_file[moment] = lambda: land_on(album, server, 17)

    report = album.fetch(server, source=source)

    assert report.kept == 1
    assert album.contents() == {b"three"}
    assert statuses(rows) == {"a1": "deleted", "a2": "deleted", "b1": "stored"}


def test_a_deletion_that_lands_meanwhile_waits_for_one_batch_only(
    album: Album, beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "FILES_AT_ONCE", 1)
    life = two_families()
    life.delete(1, 16)
    server = album.serve(life, **CONTENTS)
    album.land(server)
    source = beside(server)
    source.at_file["a1"] = lambda: land_on(album, server, 17)
    kept: list[set[bytes]] = []
    source.at_file["b1"] = lambda: kept.append(album.contents())

    album.fetch(server, source=source)

    assert source.asked == ["a1", "b1"]
    assert kept == [set()]


def test_an_edit_that_lands_while_its_old_file_is_fetched_is_cleaned_by_the_next_run(
    album: Album, beside: Beside, rows: Rows
) -> None:
    life = two_families()
    life.edit(2, 16, _attachments=[file_of("b2")])
    server = album.serve(life, **CONTENTS, b2=b"new")
    album.land(server)
    source = beside(server)
    source.at_file["a1"] = lambda: land_on(album, server, 17)

    album.fetch(server, source=source)
    report = album.fetch(server)

    assert (report.kept, report.waiting) == (3, 0)
    assert album.contents() == {b"one", b"two", b"new"}
    assert statuses(rows)["b1"] == "deleted"


def test_a_submission_deleted_before_its_files_are_listed_is_not_listed(
    album: Album, beside: Beside, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "SUBMISSIONS_AT_ONCE", 1)
    life = two_families()
    life.delete(2, 16)
    server = album.serve(life, **CONTENTS)
    album.land(server)
    source = beside(server)
    source.at_list["1"] = lambda: land_on(album, server, 17)

    assert album.fetch(server, source=source).stored == 2
    assert statuses(rows) == {"a1": "stored", "a2": "stored"}


def test_a_fetch_does_not_wait_for_a_landing(album: Album) -> None:
    server = album.serve(two_families(), **CONTENTS)
    album.land(server)
    fetched: list[int] = []

    def sweep(self: KoboSource) -> Any:  # noqa: ANN401 - an iterator of pages
        fetched.append(album.fetch(server).stored)
        return original(self)

    original = KoboSource.sweep
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KoboSource, "sweep", sweep)
        album.land(server)

    assert fetched == [3]


def test_two_fetches_of_a_form_do_not_meet(
    album: Album, beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.landing.bookkeeping.form_locks.BUSY_SECONDS", 0.1)
    server = album.serve(two_families(), **CONTENTS)
    album.land(server)
    source = beside(server)

    def another() -> None:
        with pytest.raises(FormBusyError, match="is fetching the files of form"):
            album.fetch(server)

    source.at_file["a1"] = another

    assert album.fetch(server, source=source).stored == 3


def test_files_are_removed_though_every_slot_of_the_server_is_taken(
    album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = Life(), Life()
    add(before, 1, file_of("a1"))
    add(before, 2, file_of("b1"), file_of("b2"))
    add(after, 2, file_of("b1"), file_of("b2", is_deleted=True), file_of("b3"))
    contents = {"a1": b"one", "b1": b"two", "b2": b"three", "b3": b"four"}
    album.pull(album.serve(before, **contents))
    server = album.serve(after, **contents)
    album.land(server)
    impatient = partial(hold_server, patience_seconds=0)
    monkeypatch.setattr(fetching, "hold_server", impatient)
    (form,) = album.registry().forms

    with ExitStack() as taken:
        for _ in range(form.server.runs_at_once):  # type: ignore[union-attr] # no files
            taken.enter_context(hold_server(album.engine, form))
        with pytest.raises(ServerBusyError):
            album.fetch(server)
        assert album.contents() == {b"two"}

    assert album.fetch(server).stored == 1


def test_lists_that_need_no_request_need_no_slot_and_others_do(
    album: Album, beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[str] = []

    def counted(*given: Any, **options: Any) -> Any:  # noqa: ANN401 - as the real one
        turns.append("turn")
        return hold_server(*given, **options)

    monkeypatch.setattr(fetching, "hold_server", counted)
    monkeypatch.setattr(ledger, "FILES_AT_ONCE", 2)
    server = album.serve(two_families(), **CONTENTS)
    album.land(server)
    asking = beside(server)
    asking.is_asked_for_lists = True

    assert album.fetch(server).stored == 3
    assert len(turns) == 2  # of two files and of one

    turns.clear()
    album.fetch(server, source=asking)
    assert len(turns) == 1  # for the submission that has never had a file


def test_a_landing_that_waits_for_the_server_comes_before_the_next_batch(
    album: Album, beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "FILES_AT_ONCE", 1)
    monkeypatch.setattr(server_slots, "LOOK_SECONDS", 0.01)
    server = album.serve(two_families(), **CONTENTS)
    album.land(server)
    registry = album.registry_with_one_slot()
    (form,) = registry.forms
    source = beside(server)
    is_waiting = threading.Event()
    pause = threading.Event()  # never set; to wait for it is to sleep

    def sleep(_seconds: float) -> None:
        is_waiting.set()
        pause.wait(0.3)  # the fetch looks far more often

    def land() -> None:
        with hold_server(album.engine, form, sleep=sleep):
            source.asked.append("landing")

    landing = threading.Thread(target=land)

    def begin_landing() -> None:
        landing.start()
        assert is_waiting.wait(30)

    source.at_file["a1"] = begin_landing
    album.fetch(server, source=source, registry=registry)
    landing.join(30)

    assert source.asked == ["a1", "landing", "a2", "b1"]
