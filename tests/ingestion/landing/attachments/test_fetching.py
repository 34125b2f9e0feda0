"""Files of a stand-in form server, over HTTP, into a folder and a real Postgres."""

import logging
from typing import Any

import pytest

from ingestion.errors import (
    AttachmentStoreError,
    SourceRejectedError,
    SourceUnavailableError,
)
from ingestion.landing.attachments import fetching
from ingestion.registry.entries import AttachmentRules
from ingestion.sources.http import HttpRefusalError
from sandbox.kobo import KoboServer
from sandbox.kobo.for_tests.file_store import FileStore
from tests.ingestion.conftest import Rows
from tests.ingestion.landing.attachments.small_photos import (
    Album,
    add,
    file_of,
    sha,
    statuses,
    two_families,
)
from tests.ingestion.small_forms import Life, day


def file_requests(server: KoboServer) -> list[str]:
    return [
        one["path"].split("/attachments/")[1].strip("/")
        for one in server.requests
        if "/attachments/" in one["path"]
    ]


def test_every_file_is_stored_once_under_the_hash_of_its_content(
    album: Album, rows: Rows
) -> None:
    server = album.serve(two_families(), a1=b"one", a2=b"two", b1=b"one")

    report = album.pull(server)

    assert (report.stored, report.kept, report.failed) == (3, 3, 0)
    assert album.contents() == {b"one", b"two"}
    assert len(album.kept()) == 2
    found = rows("select * from ops.attachments order by attachment_key")
    assert [row["sha256"] for row in found] == [sha(b"one"), sha(b"two"), sha(b"one")]
    assert {row["stored_path"] for row in found} == set(album.kept())
    first = found[0]
    assert (first["file_name"], first["question_path"]) == (
        "Rosa Ejemplo a1.png",
        "photo",
    )
    assert (first["media_type"], first["size_bytes"]) == ("image/png", 3)
    assert (first["attempt_count"], first["reason"]) == (1, None)
    assert first["stored_path"].endswith(".png")
    assert album.incoming() == []


def test_a_second_run_asks_for_nothing(album: Album, rows: Rows) -> None:
    server = album.serve(two_families())
    album.pull(server)
    before = rows("select * from ops.attachments order by attachment_key")
    server.clear_requests()

    report = album.fetch(server)

    assert (report.stored, report.kept) == (0, 3)
    assert server.requests == []
    assert rows("select * from ops.attachments order by attachment_key") == before


def test_a_file_that_comes_late_is_seen_though_nothing_else_tells_of_it(
    album: Album, rows: Rows
) -> None:
    early, late = Life(), Life()
    add(early, 1, file_of("a1"))
    add(late, 1, file_of("a1"), file_of("a2"))
    album.pull(album.serve(early, a1=b"one"))

    server = album.serve(late, a1=b"one", a2=b"two")
    assert album.land(server).edited == 1
    assert album.land(server).changed == 0
    server.clear_requests()
    report = album.fetch(server)

    assert (report.stored, report.kept) == (1, 2)
    assert file_requests(server) == ["a2"]
    assert album.contents() == {b"one", b"two"}
    versions = rows("select distinct version_number from ops.attachments")
    assert versions == [{"version_number": 2}]


def test_a_file_that_a_person_removes_is_removed_here_too(
    album: Album, rows: Rows
) -> None:
    before, after = Life(), Life()
    add(before, 1, file_of("a1"), file_of("a2"))
    add(after, 1, file_of("a1"), file_of("a2", is_deleted=True))
    album.pull(album.serve(before, a1=b"one", a2=b"two"))

    report = album.pull(album.serve(after, a1=b"one", a2=b"two"))

    assert (report.deleted, report.kept) == (1, 1)
    assert album.contents() == {b"one"}
    assert statuses(rows) == {"a1": "stored", "a2": "deleted"}


def test_a_file_that_an_edit_replaces_goes_and_the_new_one_comes(
    album: Album, rows: Rows
) -> None:
    life = two_families()
    life.edit(2, 16, _attachments=[file_of("b2")])
    server = album.serve(life, a1=b"one", a2=b"two", b1=b"old", b2=b"new")
    album.pull(server)
    server.set_clock(day(17))

    report = album.pull(server)

    assert (report.stored, report.deleted, report.kept) == (1, 1, 3)
    assert album.contents() == {b"one", b"two", b"new"}
    assert statuses(rows)["b1"] == "deleted"


def test_no_file_outlives_its_record(album: Album, rows: Rows) -> None:
    life = two_families()
    life.delete(1, 16)
    server = album.serve(life, a1=b"shared", a2=b"alone", b1=b"shared")
    album.pull(server)
    server.set_clock(day(17))

    report = album.pull(server)

    assert (report.deleted, report.kept) == (2, 1)
    assert album.contents() == {b"shared"}  # which another family sent as well
    gone = rows("select * from ops.attachments where submission_id = '1'")
    assert {(row["status_code"], row["stored_path"]) for row in gone} == {
        ("deleted", None)
    }


def test_files_are_removed_though_the_server_is_away(album: Album) -> None:
    life = two_families()
    life.delete(1, 16)
    server = album.serve(life, a1=b"one", a2=b"two", b1=b"three")
    album.pull(server)
    server.set_clock(day(17))
    album.land(server)

    with pytest.raises(SourceRejectedError):
        album.fetch(server, source=NoSource())
    assert album.contents() == {b"three"}


class NoSource:
    """A server that refuses whatever it is asked for."""

    def lists_by_request(self, _: object) -> bool:
        return True

    def attachments(self, *_: object) -> list[Any]:
        raise HttpRefusalError("The token is refused.", 401)

    download = attachments


def test_a_submission_that_is_restored_gets_its_files_back(
    album: Album, rows: Rows
) -> None:
    whole, less = two_families(), Life()
    add(less, 2, file_of("b1"))
    contents = {"a1": b"one", "a2": b"two", "b1": b"three"}
    album.pull(album.serve(whole, **contents))
    album.pull(album.serve(less, **contents))
    assert album.contents() == {b"three"}

    report = album.pull(album.serve(whole, **contents))

    assert (report.stored, report.kept) == (2, 3)
    assert album.contents() == {b"one", b"two", b"three"}
    assert set(statuses(rows).values()) == {"stored"}


def test_one_failing_file_does_not_stop_the_others(album: Album, rows: Rows) -> None:
    server = album.serve(two_families(), a1=b"one", a2=b"two", b1=b"three")
    album.land(server)
    server.set_faults({"kind": "server_error", "path": "/a2/", "count": None})

    report = album.fetch(server)

    assert (report.stored, report.failed, report.kept) == (2, 1, 2)
    assert album.contents() == {b"one", b"three"}
    (row,) = rows("select * from ops.attachments where attachment_key = 'a2'")
    assert (row["status_code"], row["attempt_count"]) == ("failed", 1)
    assert "it answered 500" in row["reason"]
    assert "Rosa" not in row["reason"]

    server.set_faults()
    assert album.fetch(server).stored == 1
    assert album.contents() == {b"one", b"two", b"three"}


def test_a_cut_download_is_fetched_anew_within_the_run(album: Album) -> None:
    server = album.serve(two_families(), a1=b"one" * 100_000, a2=b"two", b1=b"three")
    album.land(server)
    server.set_faults({"kind": "cut_connection", "path": "/a1/"})

    assert album.fetch(server).stored == 3
    assert b"one" * 100_000 in album.contents()


def test_a_file_that_the_server_does_not_have_is_missing_and_asked_for_again(
    album: Album, rows: Rows
) -> None:
    server = album.serve(two_families())
    album.land(server)
    source = Announcing(album, server, "a9")

    report = album.fetch(server, source=source)

    assert (report.stored, report.missing) == (3, 1)
    assert statuses(rows)["a9"] == "missing"
    album.fetch(server, source=source)
    (row,) = rows("select * from ops.attachments where attachment_key = 'a9'")
    assert row["attempt_count"] == 2


class Announcing:
    """The server, which announces a file of the first submission besides."""

    def __init__(self, album: Album, server: KoboServer, key: str) -> None:
        self._key = key
        self._real = album.source(album.client(server))  # closed at exit
        self.lists_by_request = self._real.lists_by_request
        self.download = self._real.download

    def attachments(self, submission_id: str, payload: dict[str, Any]) -> list[Any]:
        found = self._real.attachments(submission_id, payload)
        more = {"_attachments": [file_of(self._key)]}
        if submission_id == "1":
            found += self._real.attachments(submission_id, more)
        return found


def test_files_beyond_the_limits_are_left_and_said_why(
    album: Album, rows: Rows
) -> None:
    life = Life()
    add(life, 1, file_of("big"), file_of("film", "video/mp4"), file_of("ok"))
    server = album.serve(life, big=b"x" * 1_000_001, film=b"film", ok=b"ok")
    album.land(server)
    rules = AttachmentRules(max_megabytes=1, types=["image/*"])
    server.clear_requests()

    report = album.fetch(server, rules)

    assert (report.stored, report.too_large, report.refused_type) == (1, 1, 1)
    assert album.contents() == {b"ok"}
    assert file_requests(server) == ["big", "ok"]  # an announced type needs no request
    (big,) = rows("select * from ops.attachments where attachment_key = 'big'")
    assert (big["size_bytes"], big["stored_path"]) == (1_000_001, None)

    server.clear_requests()
    assert album.fetch(server, rules).stored == 0
    assert file_requests(server) == []
    wider = AttachmentRules(max_megabytes=2, types=["image/*", "video/*"])
    assert album.fetch(server, wider).stored == 2


def test_a_form_that_wants_no_files_keeps_none_beyond_their_record(
    album: Album, rows: Rows
) -> None:
    life = two_families()
    life.delete(1, 16)
    add(life, 4, file_of("d1"), on_day=16)
    server = album.serve(life, a1=b"one", a2=b"two", b1=b"three")
    assert album.fetch(server, None).kept == 0  # and asks for no store
    album.pull(server)
    server.set_clock(day(17))
    album.land(server)

    report = album.fetch(server, None)

    assert (report.deleted, report.kept, report.stored) == (2, 1, 0)
    assert album.contents() == {b"three"}
    assert "d1" not in statuses(rows)


def test_a_form_without_files_and_without_the_wish_for_any_needs_no_store(
    album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JOURNAL_ATTACHMENTS", raising=False)
    server = album.serve(two_families())
    album.land(server)

    assert album.fetch(server, None, store=None).stored == 0
    with pytest.raises(AttachmentStoreError, match="set JOURNAL_ATTACHMENTS"):
        album.fetch(server, store=None)


def test_a_refused_token_ends_the_run_at_once(album: Album, rows: Rows) -> None:
    server = album.serve(two_families())
    album.land(server)
    server.set_faults({"kind": "token_revoked", "path": "/attachments/"})
    server.clear_requests()

    with pytest.raises(SourceRejectedError, match="AIRFLOW_CONN_KOBO_TEST"):
        album.fetch(server)
    assert file_requests(server) == ["a1"]
    assert statuses(rows) == {"a1": "failed", "a2": "waiting", "b1": "waiting"}


def test_a_server_that_is_away_is_left_after_a_few_files(
    album: Album, rows: Rows
) -> None:
    life = Life()
    for number in range(1, 10):
        add(life, number, file_of(f"f{number}"))
    server = album.serve(life)
    album.land(server)
    server.set_faults({"kind": "server_error", "path": "/attachments/", "count": None})

    with pytest.raises(SourceUnavailableError):
        album.fetch(server)
    found = list(statuses(rows).values())
    assert found.count("failed") == fetching.MOST_FAILURES_IN_A_ROW
    assert found.count("waiting") == 9 - fetching.MOST_FAILURES_IN_A_ROW


def test_what_was_not_got_before_is_tried_in_turn_and_not_all_in_one_run(
    album: Album, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "RETRIES_PER_RUN", 2)
    life = Life()
    for number in range(1, 4):
        add(life, number, file_of(f"f{number}"))
    server = album.serve(life)
    album.land(server)
    server.set_faults({"kind": "server_error", "path": "/attachments/", "count": None})
    assert album.fetch(server).failed == 3

    assert album.fetch(server).failed == 2
    assert album.fetch(server).failed == 2

    counts = rows("select attempt_count from ops.attachments order by 1")
    assert [row["attempt_count"] for row in counts] == [2, 2, 3]


def test_a_server_that_keeps_files_elsewhere_hands_them_out_all_the_same(
    album: Album, caplog: pytest.LogCaptureFixture
) -> None:
    server = album.serve(two_families(), a1=b"one", a2=b"two", b1=b"three")
    with FileStore() as store, caplog.at_level(logging.DEBUG):
        server.service.files.send_on = store.address
        report = album.pull(server)

    assert report.stored == 3
    assert album.contents() == {b"one", b"two", b"three"}
    assert store.statuses == [200, 200, 200]
    for headers in store.heard:
        assert {"authorization", "cookie"} & set(headers) == set()
    assert "Signature" not in caplog.text
    assert "Rosa" not in caplog.text
