"""A form's life on an ODK Central stand-in, landed over HTTP as it goes on."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from ingestion.errors import SourceIncompleteError, SourceRejectedError
from ingestion.landing import LandingReport
from ingestion.landing.source_of_form import answers_of
from ingestion.sources.base import Submission
from ingestion.sources.odk import records
from ingestion.sources.odk import source as adapter
from sandbox.odk.acts import Acts, Sent
from tests.ingestion.conftest import Rows
from tests.ingestion.landing.odk_stage import FORM_ID, Stage, content_with, root
from tests.ingestion.small_forms import NEW, UID, Life, day, forty

HISTORY = (
    "select submission_id, version_number, change_code, known_at, review_state_code,"
    " reviewed_at, form_version_id, payload from raw.forms__journals"
    " where form_id = :form order by submission_id, version_number"
)


@pytest.fixture
def stage(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    stage = Stage(engine, monkeypatch)
    yield stage
    stage.stop()


@pytest.fixture
def history(rows: Rows) -> "History":
    return History(rows)


class History:
    """What raw holds."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def of(self, submission_id: str) -> list[dict[str, Any]]:
        """Return the versions of one submission, the oldest first."""
        found = self._rows(HISTORY, form=FORM_ID)
        return [one for one in found if one["submission_id"] == submission_id]

    def changes(self, submission_id: str) -> list[str]:
        """Return what happened to one submission."""
        return [one["change_code"] for one in self.of(submission_id)]

    def last(self, submission_id: str) -> dict[str, Any]:
        """Return the version of one submission that stands."""
        return self.of(submission_id)[-1]


def changed(report: LandingReport) -> tuple[int, int, int, int, int, int]:
    return (
        report.new,
        report.edited,
        report.reviewed,
        report.deleted,
        report.restored,
        report.live,
    )


def close_to(found: datetime, moment: datetime) -> bool:
    return abs(found - moment) < timedelta(seconds=1)


def test_a_run_lands_what_is_there_and_the_next_one_nothing(
    stage: Stage, rows: Rows
) -> None:
    server = stage.serve(forty(Life()), 20)

    assert changed(stage.land(server)) == (40, 0, 0, 0, 0, 40)
    assert changed(stage.land(server)) == (0, 0, 0, 0, 0, 40)
    (version,) = rows("select * from raw.forms__versions")
    assert version["form_version_id"] == version["form_version_name"] == "2020070101"
    assert [question["path"] for question in version["questions"]] == [
        "family_code",
        "ref_month",
        "phone",
        "fuentes/bruto",
    ]


def test_what_is_new_edited_and_reviewed_lands_with_the_servers_times(
    stage: Stage, history: History
) -> None:
    life = forty(Life())
    life.edit(1, 21, family_code="MX-01-0099")
    life.review(2, 22, "approved")
    life.review(3, 22, "not_approved")
    life.add(41, 23)
    server = stage.serve(life, 20)
    stage.land(server)
    server.set_clock(day(30))

    assert changed(stage.land(server)) == (1, 1, 2, 0, 0, 41)
    edited, refused = history.last(root(1)), history.last(root(3))
    assert edited["payload"]["family_code"] == "MX-01-0099"
    assert close_to(edited["known_at"], day(21))
    assert (refused["review_state_code"], refused["change_code"]) == (
        "not_approved",
        "reviewed",
    )
    assert close_to(refused["known_at"], day(22))
    assert close_to(refused["reviewed_at"], day(22))


def test_many_changes_are_asked_for_as_a_list_and_not_by_their_ids(
    stage: Stage,
) -> None:
    life = Life()
    for number in range(1, 121):
        life.add(number, number / 10)
        life.review(number, 21, "approved")
    server = stage.serve(life, 20)
    stage.land(server)
    server.set_clock(day(30))
    server.clear_requests()

    assert changed(stage.land(server)) == (0, 0, 120, 0, 0, 120)
    asked = " ".join(one["path"] for one in server.requests)
    assert "updatedAt" in asked
    assert "__id+eq" not in asked


def test_an_edit_that_was_reviewed_since_is_dated_by_its_history(
    stage: Stage, history: History
) -> None:
    life = forty(Life())
    life.edit(1, 11, family_code="MX-01-0099")
    life.review(1, 12, "approved")
    life.review(2, 21, "approved")
    life.review(2, 22, None)
    server = stage.serve(life, 20)
    stage.land(server)
    (first,) = history.of(root(1))
    assert close_to(first["known_at"], day(11))
    server.set_clock(day(21.5))
    stage.land(server)
    server.set_clock(day(30))
    stage.land(server)

    taken_back = history.last(root(2))
    assert taken_back["review_state_code"] == "none"
    assert close_to(taken_back["known_at"], day(22))


def test_a_deletion_is_dated_by_the_trash_and_a_purge_by_the_run(
    stage: Stage, history: History
) -> None:
    life = forty(Life())
    life.delete(1, 21)
    life.delete(2, 21)
    server = stage.serve(life, 20)
    stage.land(server)
    server.set_clock(day(22))
    server.acts.purge(UID, f"uuid:{root(2)}")
    server.set_clock(day(30))

    assert changed(stage.land(server)) == (0, 0, 0, 2, 0, 38)
    assert close_to(history.last(root(1))["known_at"], day(21))
    assert close_to(history.last(root(2))["known_at"], day(30))


def test_a_restored_submission_comes_back(stage: Stage, history: History) -> None:
    life = forty(Life())
    life.delete(1, 21)
    server = stage.serve(life, 20)
    stage.land(server)
    server.set_clock(day(22))
    stage.land(server)
    server.acts.restore(UID, f"uuid:{root(1)}")

    assert changed(stage.land(server)) == (0, 0, 0, 0, 1, 40)
    assert history.changes(root(1)) == ["new", "deleted", "restored"]


def test_an_attachment_that_comes_late_is_an_edit(
    stage: Stage, history: History
) -> None:
    server = stage.serve(forty(Life()), 20)
    with_photo = content_with(("text", "family_code"), ("image", "photo"))
    server.acts.publish(UID, "2020080101", with_photo)
    sent = Sent({"family_code": "MX-01-0041", "photo": "house.png"})
    instance = server.acts.submit(UID, sent)
    stage.land(server)
    server.set_clock(day(21))
    server.acts.attach(UID, instance, "house.png")

    assert changed(stage.land(server)) == (0, 1, 0, 0, 0, 41)
    assert close_to(history.last(instance.removeprefix("uuid:"))["known_at"], day(21))


def test_a_file_that_comes_long_after_an_edit_is_known_since_it_came(
    stage: Stage, history: History
) -> None:
    server = stage.serve(forty(Life()), 20)
    with_photo = content_with(("text", "family_code"), ("image", "photo"))
    server.acts.publish(UID, "2020080101", with_photo)
    sent = Sent({"family_code": "MX-01-0041", "photo": "house.png"})
    instance = server.acts.submit(UID, sent)
    server.set_clock(day(21))
    server.acts.edit(UID, instance, Sent({"family_code": "X", "photo": "house.png"}))
    stage.land(server)
    server.set_clock(day(50))
    server.acts.attach(UID, instance, "house.png")
    server.set_clock(day(51))

    assert changed(stage.land(server)) == (0, 1, 0, 0, 0, 41)
    assert close_to(history.last(instance.removeprefix("uuid:"))["known_at"], day(51))


def test_a_record_refused_among_many_changes_is_refused_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = forty(Life())
    for number in range(41, 191):
        life.add(number, 21)
    server = stage.serve(life, 20)
    stage.land(server)
    server.set_clock(day(22))
    read = records.read_submission

    def read_all_but_one(record: dict[str, Any]) -> Submission:
        if records.root_id(record) == root(45):
            raise ValueError("it is encrypted")
        return read(record)

    monkeypatch.setattr(adapter, "read_submission", read_all_but_one)

    report = stage.land(server)

    assert (report.new, report.rejected, report.live) == (149, 1, 189)


def test_two_ids_that_only_the_prefix_tells_apart_do_not_stop_the_form(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = stage.serve(forty(Life()), 20)
    stage.land(server)
    server.set_clock(day(21))
    sent = Sent({"family_code": "MX-01-0041"})
    instance = server.acts.submit(UID, sent)
    bare = instance.removeprefix("uuid:")
    monkeypatch.setattr(Acts, "_new_id", lambda *_: bare)
    assert server.acts.submit(UID, sent) == bare

    for new, full in ((1, False), (0, False), (0, True)):
        report = stage.land(server, full=full)

        assert (report.new, report.edited, report.rejected) == (new, 0, 1)
        assert (report.live, report.server_count) == (41, 42)


def test_a_republish_that_drops_a_question_changes_no_submission(
    stage: Stage, history: History
) -> None:
    server = stage.serve(forty(Life()), 20)
    stage.land(server)
    server.set_clock(day(60))

    assert changed(stage.land(server)) == (0, 0, 0, 0, 0, 40)
    assert changed(stage.land(server, full=True)) == (0, 0, 0, 0, 0, 40)
    assert history.changes(root(1)) == ["new"]


def test_answers_to_dropped_questions_land_from_the_xml(
    stage: Stage, history: History
) -> None:
    life = forty(Life())
    life.edit(2, 55, __version__=NEW, mood="good")
    server = stage.serve(life, 60)

    assert stage.land(server).live == 40

    read = answers_of("odk")
    old, edited = history.last(root(1)), history.last(root(2))
    assert "fuentes" not in old["payload"]
    assert read(old["payload"])["fuentes"] == [{"fuentes/bruto": "100"}]
    assert old["form_version_id"] == "2020070101"
    assert read(edited["payload"])["mood"] == "good"
    assert edited["form_version_id"] == "2021010401"
    assert edited["payload"]["__system"]["formVersion"] == "2020070101"


def test_answers_land_under_their_canonical_names(stage: Stage, rows: Rows) -> None:
    life = forty(Life())
    sources = [{"income/sources/gross": "250"}]
    life.add(41, 55, **{"family_code": "MX-01-0041", "income/sources": sources})
    server = stage.serve(life, 60)
    stage.land(server)

    found = rows(
        "select submission_id, answers -> 'income_sources' as sources"
        " from raw.forms__journals where submission_id in (:old, :new) order by 1",
        old=root(40),
        new=root(41),
    )
    assert [row["sources"] for row in found] == [
        [{"gross_local": 100}],
        [{"gross_local": 250}],
    ]


def test_answers_are_read_anew_without_asking_the_server(
    stage: Stage, rows: Rows
) -> None:
    server = stage.serve(forty(Life()), 60)
    stage.land(server)
    server.clear_requests()

    stage.land(server, field_map="small_journal_with_mood.yml")

    (found,) = rows(
        "select answers -> 'income_sources' as sources from raw.forms__journals"
        " where submission_id = :id",
        id=root(1),
    )
    assert found["sources"] == [{"gross_local": 100}]
    assert not any("/submissions/" in one["path"] for one in server.requests)


def test_a_row_purged_between_pages_stops_the_run_and_the_next_one_lands(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, rows: Rows
) -> None:
    monkeypatch.setattr(adapter, "ROWS_AT_ONCE", 10)
    server = stage.serve(forty(Life()), 20)
    # The tenth row, which the second page would begin after.
    server.set_faults(
        {
            "kind": "rows_purged",
            "path": "skiptoken",
            "ids": [f"uuid:{root(31)}"],
        }
    )

    with pytest.raises(SourceIncompleteError, match=r"counts 40 .* but listed 10"):
        stage.land(server)
    assert rows("select 1 from raw.forms__journals") == []
    assert changed(stage.land(server)) == (39, 0, 0, 0, 0, 39)


def test_an_account_without_a_role_is_told_what_it_needs(
    stage: Stage, rows: Rows
) -> None:
    server = stage.serve(forty(Life()), 20)

    with pytest.raises(SourceRejectedError, match="role Project Viewer"):
        stage.land(server, account="outsider")
    assert rows("select 1 from raw.forms__journals") == []


def test_an_account_that_loses_its_role_deletes_nothing(
    stage: Stage, rows: Rows
) -> None:
    server = stage.serve(forty(Life()), 20)
    stage.land(server)
    server.set_faults({"kind": "permission_withdrawn", "path": "select", "count": None})

    with pytest.raises(SourceRejectedError, match="role Project Viewer"):
        stage.land(server)
    assert rows("select 1 from raw.forms__journals where change_code <> 'new'") == []


@pytest.mark.parametrize("good_requests", range(3, 7))
def test_a_session_that_ends_in_the_middle_is_renewed(
    stage: Stage, good_requests: int
) -> None:
    server = stage.serve(forty(Life()), 20)
    server.set_faults({"kind": "sessions_ended", "after": good_requests})

    assert stage.land(server).new == 40
    logins = [one for one in server.requests if one["path"] == "/v1/sessions"]
    assert len(logins) == 2


def test_a_slow_upload_lands_when_it_is_through(stage: Stage) -> None:
    server = stage.serve(forty(Life()), 20)
    slow = Sent({"family_code": "MX-01-0041"}, upload_lasts=timedelta(minutes=5))
    server.acts.submit(UID, slow)
    server.set_clock(day(20) + timedelta(minutes=1))
    server.acts.submit(UID, Sent({"family_code": "MX-01-0042"}))
    assert stage.land(server).new == 41
    server.set_clock(day(21))

    assert changed(stage.land(server)) == (1, 0, 0, 0, 0, 42)


@pytest.mark.parametrize(
    ("setting", "reason"),
    [({"is_sso": True}, "single sign-on"), ({"encrypted": [UID]}, "is encrypted")],
    ids=str,
)
def test_a_server_that_no_program_can_read_is_said_so(
    stage: Stage, setting: dict[str, Any], reason: str
) -> None:
    server = stage.serve(forty(Life()), 20, **setting)

    with pytest.raises(SourceRejectedError, match=reason):
        stage.land(server)
