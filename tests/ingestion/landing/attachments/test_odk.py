"""Files of an ODK Central stand-in, over HTTP, into a folder and a real Postgres."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fsspec.implementations.local import LocalFileSystem
from sqlalchemy import Engine

from ingestion.errors import SourceRejectedError
from ingestion.landing import AttachmentReport, LandingReport, fetch_attachments
from ingestion.landing.attachments import AttachmentStore, fetching
from ingestion.registry import Registry
from ingestion.registry.entries import AttachmentRules
from sandbox.odk import OdkServer
from sandbox.odk.acts import Sent
from tests.ingestion.conftest import Rows
from tests.ingestion.landing.attachments.small_photos import RULES, sha, statuses
from tests.ingestion.landing.odk_stage import Stage, content_with, registry
from tests.ingestion.small_forms import UID, Life, day

NAME = "foto año 写真.png"


class Album:
    """A form that asks for two photos, its warehouse, and where files are kept."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage = stage
        self.folder = folder
        self.store = AttachmentStore(LocalFileSystem(), str(folder))

    def serve(self, **setting: Any) -> OdkServer:  # noqa: ANN401 - those of OdkServer
        server = self.stage.serve(Life(), 20, **setting)
        questions = (("text", "family_code"), ("image", "photo"), ("image", "roof"))
        server.acts.publish(UID, "2020080101", content_with(*questions))
        return server

    def land(self, server: OdkServer) -> LandingReport:
        return self.stage.land(server, registry=self._registry(RULES))

    def fetch(
        self,
        server: OdkServer,
        rules: AttachmentRules = RULES,
        account: str = "viewer",
    ) -> AttachmentReport:
        self.stage.connect(server, account)
        return fetch_attachments(
            "journal",
            registry=self._registry(rules),
            engine=self.stage.engine,
            store=self.store,
        )

    def pull(self, server: OdkServer) -> AttachmentReport:
        """Land the form, then fetch its files."""
        self.land(server)
        return self.fetch(server)

    def contents(self) -> list[bytes]:
        """Return what is kept; equal files that are kept twice are there twice."""
        found = [path for path in self.folder.rglob("*") if path.is_file()]
        for path in found:
            assert path.stem == sha(path.read_bytes())
        return sorted(path.read_bytes() for path in found)

    @staticmethod
    def _registry(rules: AttachmentRules) -> Registry:
        return registry("small_journal.yml", attachments=rules, deletion_limit_share=1)


@pytest.fixture
def album(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Album]:
    album = Album(Stage(engine, monkeypatch), tmp_path / "attachments")
    yield album
    album.stage.stop()


def send(server: OdkServer, **photos: str) -> str:
    """Send in a submission that announces photos; return its id."""
    return server.acts.submit(UID, Sent({"family_code": "MX-01-0001", **photos}))


def send_with(server: OdkServer, content: bytes, name: str = "a.png") -> str:
    """Send in a submission whose photo comes along; return its id."""
    instance = send(server, photo=name)
    server.acts.attach(UID, instance, name, content)
    return instance


def file_requests(server: OdkServer) -> list[str]:
    paths = [one["path"] for one in server.requests]
    return [path for path in paths if "/submissions/" in path]


def test_a_file_is_stored_with_its_question_and_a_second_run_asks_for_nothing(
    album: Album, rows: Rows
) -> None:
    server = album.serve()
    instance = send_with(server, b"one", NAME)

    report = album.pull(server)

    assert (report.stored, report.kept, report.failed) == (1, 1, 0)
    assert album.contents() == [b"one"]
    (row,) = rows("select * from ops.attachments")
    assert row["submission_id"] == instance.removeprefix("uuid:")
    assert row["attachment_key"] == row["file_name"] == NAME
    assert (row["question_path"], row["media_type"]) == ("photo", "image/png")
    server.clear_requests()
    assert album.fetch(server).kept == 1
    assert server.requests == []


def test_equal_files_of_two_families_are_kept_once(album: Album) -> None:
    server = album.serve()
    send_with(server, b"same", "a.png")
    send_with(server, b"same", "b.png")

    assert album.pull(server).kept == 2
    assert album.contents() == [b"same"]


def test_an_announced_file_costs_nothing_until_it_comes_late(
    album: Album, rows: Rows
) -> None:
    server = album.serve()
    instance = send(server, photo="a.png")
    album.land(server)
    server.clear_requests()

    assert album.fetch(server).unlisted == 0
    assert server.requests == []
    assert rows("select 1 from ops.attachments") == []

    server.acts.attach(UID, instance, "a.png", b"late")
    assert album.land(server).edited == 1
    assert album.land(server).changed == 0
    assert album.fetch(server).stored == 1
    assert album.contents() == [b"late"]
    (row,) = rows("select version_number from ops.attachments")
    assert row["version_number"] == 2


def test_one_of_two_announced_files_is_fetched_and_the_other_is_no_error(
    album: Album, rows: Rows
) -> None:
    server = album.serve()
    instance = send(server, photo="a.png", roof="b.png")
    server.acts.attach(UID, instance, "b.png", b"roof")

    report = album.pull(server)

    assert (report.stored, report.missing, report.failed) == (1, 0, 0)
    assert statuses(rows) == {"b.png": "stored"}


def test_a_file_that_a_person_clears_is_removed_here_too(
    album: Album, rows: Rows
) -> None:
    server = album.serve()
    instance = send(server, photo="a.png", roof="b.png")
    for name in ("a.png", "b.png"):
        server.acts.attach(UID, instance, name, name.encode())
    album.pull(server)

    server.acts.clear(UID, instance, "a.png")
    report = album.pull(server)
    assert (report.deleted, report.kept) == (1, 1)
    assert album.contents() == [b"b.png"]

    server.acts.clear(UID, instance, "b.png")
    assert album.land(server).edited == 1
    server.clear_requests()
    assert album.fetch(server).kept == 0
    assert file_requests(server) == []
    assert album.contents() == []
    assert statuses(rows) == {"a.png": "deleted", "b.png": "deleted"}


def test_a_file_that_an_edit_replaces_goes_and_the_new_one_comes(
    album: Album, rows: Rows
) -> None:
    server = album.serve()
    instance = send_with(server, b"old", "a.png")
    album.pull(server)
    server.set_clock(day(21))
    server.acts.edit(UID, instance, Sent({"photo": "b.png"}, files=("b.png",)))
    server.service.files[instance, "b.png"] = b"new"

    report = album.pull(server)

    assert (report.stored, report.deleted) == (1, 1)
    assert album.contents() == [b"new"]
    assert statuses(rows) == {"a.png": "deleted", "b.png": "stored"}


def test_no_file_outlives_a_purged_submission(album: Album, rows: Rows) -> None:
    server = album.serve()
    purged = send_with(server, b"purged")
    send_with(server, b"stays")
    album.pull(server)
    server.set_clock(day(21))
    server.acts.delete(UID, purged)
    server.acts.purge(UID, purged)

    report = album.pull(server)

    assert (report.deleted, report.kept) == (1, 1)
    assert album.contents() == [b"stays"]
    (row,) = rows("select * from ops.attachments where status_code = 'deleted'")
    assert (row["submission_id"], row["stored_path"]) == (
        purged.removeprefix("uuid:"),
        None,
    )


def test_a_submission_deleted_since_it_landed_loses_no_file_before_its_record(
    album: Album, rows: Rows
) -> None:
    server = album.serve()
    instance = send_with(server, b"one")
    album.pull(server)
    server.set_clock(day(21))
    server.acts.edit(UID, instance, Sent({"family_code": "MX-01-0002"}))
    album.land(server)
    server.acts.delete(UID, instance)

    assert album.fetch(server).unlisted == 1
    assert statuses(rows) == {"a.png": "stored"}
    assert album.contents() == [b"one"]


def test_a_store_at_another_address_hands_out_the_files_to_strangers(
    album: Album, caplog: pytest.LogCaptureFixture
) -> None:
    server = album.serve(has_store=True)
    send_with(server, b"one", NAME)

    with caplog.at_level(logging.DEBUG):
        report = album.pull(server)

    assert (report.stored, report.failed) == (1, 0)
    assert album.contents() == [b"one"]
    assert "Signature" not in caplog.text
    assert "foto" not in caplog.text


@pytest.mark.parametrize("good_requests", range(1, 4))
def test_a_session_that_ends_in_the_middle_is_renewed_once(
    album: Album, good_requests: int
) -> None:
    server = album.serve()
    for number in range(2):
        send_with(server, b"%d" % number)
    album.land(server)
    ended = {"kind": "sessions_ended", "path": "/submissions/", "after": good_requests}
    server.set_faults(ended)
    server.clear_requests()

    assert album.fetch(server).stored == 2
    logins = [one for one in server.requests if one["path"] == "/v1/sessions"]
    assert len(logins) == 2


def test_a_server_that_ends_every_session_ends_the_run_at_once(
    album: Album, rows: Rows
) -> None:
    server = album.serve()
    for number in range(3):
        send_with(server, b"%d" % number)
    album.land(server)
    ended = {"kind": "sessions_ended", "path": "/attachments/a", "count": None}
    server.set_faults(ended)

    with pytest.raises(SourceRejectedError, match="ends every session"):
        album.fetch(server)
    found = [row["status_code"] for row in rows("select * from ops.attachments")]
    assert sorted(found) == ["failed", "waiting", "waiting"]


def test_a_password_that_is_refused_is_tried_once_and_not_for_every_file(
    album: Album,
) -> None:
    server = album.serve()
    for number in range(3):
        send_with(server, b"%d" % number)
    album.land(server)
    server.service.setting = replace(server.service.setting, is_sso=True)
    server.clear_requests()

    with pytest.raises(SourceRejectedError, match="single sign-on"):
        album.fetch(server)
    assert [one["path"] for one in server.requests] == ["/v1/sessions"]


def test_an_account_that_lost_its_role_is_not_refused_file_by_file(
    album: Album,
) -> None:
    server = album.serve()
    for number in range(fetching.MOST_FAILURES_IN_A_ROW + 3):
        send_with(server, b"%d" % number)
    album.land(server)
    server.clear_requests()

    with pytest.raises(SourceRejectedError, match="role Project Viewer"):
        album.fetch(server, account="outsider")
    assert len(file_requests(server)) == fetching.MOST_FAILURES_IN_A_ROW


def test_a_file_beyond_the_limits_is_left_and_said_why(
    album: Album, rows: Rows
) -> None:
    server = album.serve()
    send_with(server, b"x" * 1_000_001, "big.png")
    send_with(server, b"film", "film.mp4")
    album.land(server)
    server.clear_requests()

    report = album.fetch(server, AttachmentRules(max_megabytes=1, types=["image/*"]))

    assert (report.too_large, report.refused_type, report.stored) == (1, 1, 0)
    assert not any("film.mp4" in path for path in file_requests(server))
    assert statuses(rows) == {"big.png": "too_large", "film.mp4": "refused_type"}
