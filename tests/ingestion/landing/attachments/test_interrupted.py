"""Runs that are killed, and runs that meet: what is said to be stored is there."""

import uuid
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from ingestion.clock import utc_now
from ingestion.landing.attachments.ledger import Ledger
from ingestion.landing.attachments.store import AttachmentStore
from tests.ingestion.conftest import Rows
from tests.ingestion.landing.attachments.small_photos import (
    Album,
    statuses,
    two_families,
)
from tests.ingestion.small_forms import UID, day
from warehouse.tables import SUBMISSIONS, attachments


class KilledError(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("moment", ["receive", "keep", "after_keep"])
def test_a_run_killed_in_the_middle_leaves_no_claim_and_no_half_file(
    album: Album, rows: Rows, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    contents = {"a1": b"one" * 100_000, "a2": b"two", "b1": b"three"}
    life = two_families()
    server = album.serve(life, **contents)
    album.land(server)
    with monkeypatch.context() as patch:
        kill_at(moment, patch)
        with pytest.raises(KilledError):
            album.fetch(server)

    assert "stored" not in statuses(rows).values()
    album.kept()  # whatever is under a hash is all of it
    report = album.fetch(server)
    assert (report.kept, report.waiting) == (3, 0)
    assert album.contents() == set(contents.values())
    assert album.incoming() == []


def test_a_file_that_a_killed_run_left_is_removed_with_its_record(
    album: Album, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = two_families()
    life.delete(1, 16)
    server = album.serve(life, a1=b"one", a2=b"two", b1=b"three")
    album.land(server)
    with monkeypatch.context() as patch:
        kill_at("after_keep", patch)
        with pytest.raises(KilledError):
            album.fetch(server)
    assert album.contents() == {b"one"}
    server.set_clock(day(17))

    album.pull(server)

    assert album.contents() == {b"three"}
    assert set(statuses(rows).values()) == {"deleted", "stored"}


def kill_at(moment: str, patch: pytest.MonkeyPatch) -> None:
    """End the process while the first file is written, or before or after its move."""
    if moment == "receive":

        def cut_short(chunks: Any) -> Any:  # noqa: ANN401 - an iterator
            yield next(iter(chunks))
            raise KilledError

        original = AttachmentStore.receive
        patch.setattr(
            AttachmentStore,
            "receive",
            lambda self, owner, chunks: original(self, owner, cut_short(chunks)),
        )
        return
    keep = AttachmentStore.keep

    def killed(self: AttachmentStore, *given: Any) -> None:  # noqa: ANN401 - as it is
        if moment == "after_keep":
            keep(self, *given)
        raise KilledError

    patch.setattr(AttachmentStore, "keep", killed)


def test_a_run_killed_while_it_removes_leaves_the_rest_to_the_next(
    album: Album, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = two_families()
    life.delete(1, 16)
    server = album.serve(life, a1=b"one", a2=b"two", b1=b"three")
    album.pull(server)
    server.set_clock(day(17))
    album.land(server)

    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(AttachmentStore, "remove", killed)
        with pytest.raises(KilledError):
            album.fetch(server)
    assert {statuses(rows)[key] for key in ("a1", "a2")} == {"deleted"}

    album.fetch(server)
    assert album.contents() == {b"three"}


def test_a_file_that_another_form_is_about_to_claim_is_not_removed(
    album: Album, rows: Rows
) -> None:
    album.pull(album.serve(two_families(), a1=b"one", a2=b"one", b1=b"one"))
    (path,) = album.kept()
    removed: list[str] = []
    impatient = create_engine(
        album.engine.url, connect_args={"options": "-c lock_timeout=100"}
    )
    ours, other = (
        Ledger(one, SUBMISSIONS["journal"], form_id, uuid.uuid4(), utc_now)
        for one, form_id in ((impatient, UID), (album.engine, "other"))
    )
    with album.engine.begin() as connection:
        connection.execute(attachments.update().values(status_code="deleted"))

    with album.engine.begin() as connection:
        other._hold(connection, path)  # noqa: SLF001 - as `keep` does
        claim = rows("select * from ops.attachments limit 1")[0]
        claim |= {"form_id": "other", "status_code": "stored"}
        connection.execute(attachments.insert().values(claim))
        with pytest.raises(OperationalError, match="lock timeout"):
            ours.remove_unclaimed(removed.append)
    ours.remove_unclaimed(removed.append)
    impatient.dispose()

    assert removed == []
    left = rows("select form_id from ops.attachments where stored_path is not null")
    assert left == [{"form_id": "other"}]
