"""Landing against the stand-in form server, over HTTP, into a real Postgres."""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from ingestion.errors import (
    DeletionGuardError,
    FormBusyError,
    SourceIncompleteError,
    SourceRejectedError,
    SourceUnavailableError,
)
from ingestion.landing import LandingReport
from tests.ingestion.conftest import Rows, settings, write_registry
from tests.ingestion.landing.stage import RAW, Stage, raw_content, with_record
from tests.ingestion.small_forms import UID, Life, day, forty

Land = Callable[..., LandingReport]


@pytest.fixture
def eventful() -> Life:
    """Forty submissions; on days 20 to 30 one of everything happens to them."""
    life = forty(Life())
    life.edit(3, 20, fuentes=[{"fuentes/bruto": "300"}, {"fuentes/bruto": "1.5"}])
    life.review(4, 21, "approved")
    life.edit(5, 22, ref_month="2021-02-01")
    life.review(5, 23, "on_hold")
    life.delete(6, 24)
    life.add(41, 25)
    life.add(42, 60, family_code="MX-01-0042", mood="good", unasked="x")
    return life


def test_a_first_landing_reads_every_submission_with_its_answers(
    stage: Stage, rows: Rows
) -> None:
    report = stage.land(stage.serve(forty(Life()), 15))

    assert (report.new, report.live, report.server_count) == (40, 40, 40)
    first = rows(RAW)[0]
    assert first["answers"] == {
        "family_code": "MX-01-0001",
        "reported_month": "2021-01-01",
        "income_sources": [{"gross_local": 100}],
    }
    assert first["payload"]["fuentes"] == [{"fuentes/bruto": "100"}]
    assert (first["change_code"], first["version_number"]) == ("new", 1)
    assert first["known_at"] == first["received_at"] == day(0.25)
    assert first["form_version_name"] == "2020070101"


def test_a_second_run_lands_nothing_and_fetches_no_submission(
    stage: Stage, rows: Rows
) -> None:
    server = stage.serve(forty(Life()), 15)
    stage.land(server)
    before = rows(RAW)
    server.clear_requests()

    report = stage.land(server)

    assert report.changed == 0
    assert rows(RAW) == before
    read = [
        request["path"] for request in server.requests if "/data/" in request["path"]
    ]
    assert all("fields" in path for path in read), "only marks and counts are asked for"


def test_edit_review_deletion_and_arrival_become_versions_with_the_servers_times(
    stage: Stage, rows: Rows, eventful: Life
) -> None:
    server = stage.serve(eventful, 15)
    stage.land(server)
    server.set_clock(day(61))

    report = stage.land(server)

    assert (report.new, report.edited, report.reviewed, report.deleted) == (2, 2, 1, 1)
    changes = {
        row["submission_id"]: row for row in rows(RAW) if row["version_number"] == 2
    }
    assert {key: row["change_code"] for key, row in changes.items()} == {
        "3": "edited",
        "4": "reviewed",
        "5": "edited",
        "6": "deleted",
    }
    assert {key: row["known_at"] for key, row in changes.items()} == {
        "3": day(20),
        "4": day(21),
        "5": day(23),
        "6": day(24),
    }
    assert changes["3"]["answers"]["income_sources"] == [
        {"gross_local": 300},
        {"gross_local": 1.5},
    ]
    assert changes["5"]["review_state_code"] == "on_hold"
    assert changes["6"]["payload"] is None
    assert changes["6"]["answers"] is None


def test_a_clock_that_is_set_back_between_landings_hides_no_later_one(
    stage: Stage, rows: Rows, eventful: Life
) -> None:
    server = stage.serve(eventful, 61)
    stage.land(server, clock=lambda: day(4_000))
    first = raw_content(rows)
    stage.land(server, clock=lambda: day(62), field_map="small_journal_with_mood.yml")
    with_mood = raw_content(rows)

    # The map of the first landing again, which is not that of the last.
    stage.land(server, clock=lambda: day(63))

    assert with_mood != first
    assert raw_content(rows) == first


def test_every_landing_is_on_record_with_its_counts(
    stage: Stage, rows: Rows, eventful: Life
) -> None:
    eventful.add(43, 61)
    server = stage.serve(eventful, 15)
    stage.land(server)
    server.set_clock(day(61))
    report = stage.land(server)

    (recorded,) = rows(
        "select * from ops.reconciliations where run_id = :run_id",
        run_id=report.run_id,
    )
    del recorded["run_id"], recorded["checked_at"]
    assert recorded == {
        "form_id": UID,
        "server_count": 42,
        "live_count": 42,
        "new_count": 3,
        "edited_count": 2,
        "reviewed_count": 1,
        "deleted_count": 1,
        "restored_count": 0,
        "rejected_count": 0,
        "left_out_count": 0,
        "unmapped_question_count": 4,
        "difference_count": 0,
    }


def test_without_the_history_a_change_is_known_since_the_server_was_asked(
    stage: Stage, rows: Rows, eventful: Life
) -> None:
    server = stage.serve(eventful, 15)
    stage.land(server, account="viewer")
    server.set_clock(day(30))
    stage.land(server, account="viewer")

    known = {
        row["submission_id"]: row["known_at"]
        for row in rows(RAW)
        if row["version_number"] == 2
    }
    assert known == {"3": day(30), "4": day(21), "5": day(30), "6": day(30)}


def test_a_submission_dated_back_by_its_phone_is_known_since_it_showed_up(
    stage: Stage, rows: Rows
) -> None:
    life = forty(Life())
    server = stage.serve(life, 15)
    stage.land(server)
    stage.stop()
    life.add(41, 2)  # says day 2, yet was not there on day 15

    stage.land(stage.serve(life, 20))

    late = rows(RAW)[-1]
    assert (late["received_at"], late["known_at"]) == (day(2), day(20))


def test_a_submission_that_comes_back_is_a_new_version_of_itself(
    stage: Stage, rows: Rows
) -> None:
    server = stage.serve(forty(Life()), 15)
    stage.land(server)
    server.set_faults({"kind": "rows_deleted", "ids": [7]})
    stage.land(server)
    server.set_faults()

    report = stage.land(server)

    assert report.restored == 1
    versions = [row for row in rows(RAW) if row["submission_id"] == "7"]
    assert [row["change_code"] for row in versions] == ["new", "deleted", "restored"]
    assert versions[2]["answers"] == versions[0]["answers"]


def test_identifying_answers_reach_pii_only_and_leave_with_their_submission(
    stage: Stage, rows: Rows, eventful: Life
) -> None:
    server = stage.serve(eventful, 15)
    stage.land(server)

    assert not rows("select 1 from raw.forms__journals where answers ? 'contact_phone'")
    assert (
        len(rows("select 1 from pii.family_contacts where contact_phone <> ''")) == 40
    )
    server.set_clock(day(30))
    stage.land(server)
    assert not rows("select 1 from pii.family_contacts where submission_id = '6'")


def test_questions_that_no_map_names_are_landed_and_listed(
    stage: Stage, rows: Rows, eventful: Life
) -> None:
    report = stage.land(stage.serve(eventful, 61))

    assert report.unmapped == ("mood", "unasked")
    assert rows(RAW)[-1]["payload"]["mood"] == "good"


def test_a_map_that_names_a_question_later_gives_old_submissions_the_answer(
    stage: Stage, rows: Rows, eventful: Life
) -> None:
    server = stage.serve(eventful, 61)
    stage.land(server)
    server.clear_requests()

    report = stage.land(server, field_map="small_journal_with_mood.yml")

    assert report.unmapped == ("unasked",)
    assert rows(RAW)[-1]["answers"]["mood_code"] == "good"
    assert report.changed == 0, "reading anew is no new version"


def test_more_deletions_than_the_limit_stop_the_run_until_a_person_approves(
    stage: Stage, rows: Rows
) -> None:
    server = stage.serve(forty(Life()), 15)
    stage.land(server)
    server.set_faults({"kind": "rows_deleted", "ids": [1, 2, 3], "count": None})

    with pytest.raises(DeletionGuardError, match=r"3 of 40 .*--approve-deletions"):
        stage.land(server)
    assert len(rows(RAW)) == 40, "nothing was landed"

    report = stage.land(server, approve_deletions=True)
    assert (report.deleted, report.live) == (3, 37)
    (approval,) = rows("select * from ops.approvals")
    assert approval["subject"] == "3 deletions of form journal"
    assert str(approval["run_id"]) == report.run_id
    assert "@" in approval["approved_by"], "the account and its machine"


def test_who_agreed_to_deletions_elsewhere_is_on_record(
    stage: Stage, rows: Rows
) -> None:
    server = stage.serve(forty(Life()), 15)
    stage.land(server)
    server.set_faults({"kind": "rows_deleted", "ids": [1, 2, 3], "count": None})
    stage.land(server, approve_deletions=True, approved_by="ana")

    (approval,) = rows("select * from ops.approvals")
    assert approval["approved_by"] == "ana"


def test_as_many_deletions_as_the_limit_are_believed(stage: Stage) -> None:
    server = stage.serve(forty(Life()), 15)
    stage.land(server)
    server.set_faults({"kind": "rows_deleted", "ids": [1, 2], "count": None})

    assert stage.land(server).deleted == 2

    server.set_faults({"kind": "rows_deleted", "ids": [1, 2, 3], "count": None})
    assert stage.land(server).deleted == 1, "those of before are gone already"


def test_a_limit_of_nothing_asks_about_every_deletion(stage: Stage) -> None:
    server = stage.serve(forty(Life()), 15)
    stage.land(server)
    server.set_faults({"kind": "rows_deleted", "ids": [1], "count": None})

    with pytest.raises(DeletionGuardError, match=r"1 of 40 .* the 0 that"):
        stage.land(server, deletion_limit_share=0)


def test_rows_of_another_form_are_not_missed_in_this_one(
    stage: Stage, rows: Rows
) -> None:
    server = stage.serve(forty(Life()), 15)
    stage.land(server)
    with stage.engine.begin() as connection:
        connection.execute(
            text(
                "insert into ops.submission_states"
                " select (jsonb_populate_record("
                " known, jsonb_build_object('form_id', 'aOtherForm',"
                " 'submission_id', '9' || known.submission_id))).*"
                " from ops.submission_states as known"
            )
        )

    assert stage.land(server).changed == 0
    live = "select count(*) as n from ops.submission_states where is_live"
    assert rows(live) == [{"n": 80}]


@pytest.mark.parametrize("account", ["partial", "outsider"])
def test_an_account_that_does_not_see_every_row_deletes_nothing(
    stage: Stage, rows: Rows, account: str
) -> None:
    server = stage.serve(forty(Life()), 15)
    stage.land(server)

    with pytest.raises(SourceRejectedError, match="share the project with"):
        stage.land(server, account=account, approve_deletions=True)
    assert len(rows(RAW)) == 40


@pytest.mark.parametrize("after", [0, 1], ids=["before", "after"])
def test_rights_withdrawn_around_a_sweep_delete_nothing(
    stage: Stage, rows: Rows, after: int
) -> None:
    server = stage.serve(forty(Life()), 15)
    stage.land(server)
    server.set_faults(
        {"kind": "rows_deleted", "ids": [1]},
        # The account is asked about again before the deletion is believed.
        {"kind": "permission_withdrawn", "path": "^/me/", "after": after},
    )

    with pytest.raises(SourceRejectedError):
        stage.land(server, approve_deletions=True)
    assert len(rows(RAW)) == 40


def test_a_list_shorter_than_the_servers_count_is_not_believed(
    stage: Stage, rows: Rows
) -> None:
    server = stage.serve(forty(Life()), 15)
    stage.land(server)
    server.set_faults({"kind": "wrong_count", "path": "lte", "difference": 2})

    with pytest.raises(SourceIncompleteError, match=r"counts 42 .* listed 40"):
        stage.land(server)
    assert rows("select status_code from ops.sync_runs order by started_at desc")[
        0
    ] == {"status_code": "failed"}


def test_a_failed_run_is_on_record_with_its_sentence_and_lands_nothing(
    stage: Stage, rows: Rows
) -> None:
    server = stage.serve(forty(Life()), 15)
    server.set_faults({"kind": "bad_gateway", "path": "/data/", "count": None})

    with pytest.raises(SourceUnavailableError) as failure:
        stage.land(server)
    (run,) = rows("select status_code, message from ops.sync_runs")
    assert run == {"status_code": "failed", "message": str(failure.value)}
    assert rows(RAW) == []


def test_one_run_of_a_form_keeps_another_away(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.landing.bookkeeping.form_locks.BUSY_SECONDS", 1)
    server = stage.serve(forty(Life()), 15)
    with stage.engine.connect() as other:
        other.execute(text(f"select pg_advisory_lock(hashtextextended('{UID}', 0))"))

        with pytest.raises(FormBusyError, match="wait until it has ended"):
            stage.land(server)

        other.execute(text("select pg_advisory_unlock_all()"))
    assert stage.land(server).new == 40


def test_unstorable_characters_are_repaired_and_said_so(
    stage: Stage, rows: Rows
) -> None:
    life = Life()
    life.add(1, 1, family_code="MX-01\x00-0001", ref_month="not a month")

    stage.land(stage.serve(life, 2))

    (row,) = rows(RAW)
    assert row["answers"] == {"family_code": "MX-01-0001"}
    assert [(p["field"], p["reason"]) for p in row["answer_problems"]] == [
        ("family_code", "unstorable characters replaced"),
        ("reported_month", "not a date"),
    ]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"_id": 3, "_uuid": "new", "_submission_time": "yesterday"}, "yesterday"),
        ({"_id": 3, "_submission_time": "2021-01-01T00:00:00"}, "_uuid"),
    ],
)
def test_a_record_that_cannot_be_read_is_set_aside_and_the_rest_lands(
    stage: Stage,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
    broken: dict[str, Any],
    reason: str,
) -> None:
    server = stage.serve(forty(Life()), 15)
    stage.land(server)
    monkeypatch.setattr(
        "ingestion.sources.kobo.KoboSource._data", with_record(3, broken)
    )

    for full in (False, False, True):  # which must not list it more than once
        report = stage.land(server, full=full)
        assert (report.live, report.rejected, report.deleted) == (40, 0, 0)
    (rejected,) = rows("select submission_id, reason from ops.rejected_records")
    assert rejected["submission_id"] == "3"
    assert reason in rejected["reason"]


# What a run that is ended at any statement leaves behind


class Power:
    """Cuts a run short before its n-th statement on the database."""

    def __init__(self, engine: Engine, at_statement: int) -> None:
        self._left = at_statement
        event.listen(engine, "before_cursor_execute", self._count)
        self._engine = engine

    def _count(self, *_: object) -> None:
        self._left -= 1
        if self._left == 0:
            raise KeyboardInterrupt

    def restore(self) -> None:
        event.remove(self._engine, "before_cursor_execute", self._count)


def test_a_run_cut_short_at_any_statement_is_completed_by_the_next(
    stage: Stage, rows: Rows, eventful: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.sources.kobo.source.PAGE_SIZE", 15)
    server = stage.serve(eventful, 15)
    stage.land(server)
    server.set_clock(day(61))
    before = raw_content(rows)
    found = []
    for at_statement in itertools.count(1):
        power = Power(stage.engine, at_statement)
        try:
            stage.land(server)
        except KeyboardInterrupt:
            found.append(raw_content(rows))
        else:
            break
        finally:
            power.restore()

    done = raw_content(rows)
    assert len(done) == 40 + 6
    assert len(found) > 10, "the run was hardly cut short, so little was shown"
    # All or nothing: the last cut may fall between the commit and the end.
    assert all(content in (before, done) for content in found)
    assert stage.land(server).changed == 0
    locks = rows("select count(*) as n from pg_locks where locktype = 'advisory'")
    assert locks == [{"n": 0}]


def test_a_run_that_cannot_give_the_form_back_keeps_nobody_away(
    stage: Stage, rows: Rows
) -> None:
    def refuse(*arguments: Any) -> None:  # noqa: ANN401 - whatever SQLAlchemy tells
        if "pg_advisory_unlock" in arguments[2]:
            raise RuntimeError("not now")

    locks = "select count(*) as n from pg_locks where locktype = 'advisory'"
    server = stage.serve(forty(Life()), 15)
    event.listen(stage.engine, "before_cursor_execute", refuse)
    try:
        with pytest.raises(RuntimeError, match="not now"):
            stage.land(server)
    finally:
        event.remove(stage.engine, "before_cursor_execute", refuse)

    deadline = time.monotonic() + 5  # a session that is closed ends a moment later
    while rows(locks) != [{"n": 0}]:
        assert time.monotonic() < deadline, "the form is still locked"
        time.sleep(0.05)


def test_a_killed_process_leaves_nothing_half_done(
    stage: Stage, rows: Rows, warehouse_with_tables: str, tmp_path: Path
) -> None:
    server = stage.serve(forty(Life()), 15)
    # The process hangs at its last question: everything is fetched, nothing is kept.
    server.set_faults({"kind": "slow", "path": "lte", "seconds": 3})
    process = subprocess.Popen(
        [sys.executable, "-m", "ingestion", "land", "--form", "journal"],
        env={
            **os.environ,
            **settings(server, write_registry(tmp_path)),
            "WAREHOUSE_URL": warehouse_with_tables,
        },
        stderr=subprocess.DEVNULL,
    )
    with process:
        while not any("lte" in request["path"] for request in server.requests):
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.02)
        process.kill()
    server.set_faults()

    assert rows(RAW) == []
    assert stage.land(server).new == 40
    states = rows("select status_code from ops.sync_runs order by started_at")
    assert [row["status_code"] for row in states] == ["died", "succeeded"]
