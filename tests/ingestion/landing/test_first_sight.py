"""What is first seen late, or gone, or odd: raw says what was known when."""

import copy
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from ingestion.answers import casts
from ingestion.answers.field_maps import load_field_map
from ingestion.errors import WarehouseRefusedError
from ingestion.landing.bookkeeping.reconciliation import ReconciliationError
from sandbox.pilot.model import Form
from tests.ingestion.conftest import MAPS, Rows
from tests.ingestion.landing.stage import Stage, with_record
from tests.ingestion.small_forms import Life, day, forty

AS_KNOWN = """
select distinct on (submission_id) submission_id, review_state_code, content_hash
from raw.forms__journals where known_at <= :moment
order by submission_id, version_number desc
"""


@pytest.fixture
def refused_and_edited() -> Life:
    life = forty(Life())
    life.review(4, 21, "not_approved")
    life.review(7, 21, "approved")
    life.edit(3, 22, ref_month="2021-02-01")
    return life


def test_landed_at_the_end_only_a_release_is_what_it_was_then(
    stage: Stage, rows: Rows, refused_and_edited: Life
) -> None:
    server = stage.serve(refused_and_edited, 15)
    stage.land(server)
    server.set_clock(day(30))
    stage.land(server)
    moments = (day(20), day(21.5), day(23))

    def states() -> list[dict[str, str]]:
        return [
            {
                row["submission_id"]: row["review_state_code"]
                for row in rows(AS_KNOWN, moment=moment)
                if row["submission_id"] in ("4", "5")
            }
            for moment in moments
        ]

    def hash_of_edited() -> str:
        found = rows(AS_KNOWN, moment=day(23))
        return str(next(r["content_hash"] for r in found if r["submission_id"] == "3"))

    in_steps = states(), hash_of_edited()
    with stage.engine.begin() as connection:
        connection.execute(text("truncate raw.forms__journals, ops.submission_states"))
        connection.execute(text("truncate ops.sync_runs"))

    report = stage.land(server)

    assert (states(), hash_of_edited()) == in_steps
    assert (report.new, report.reviewed, report.live) == (40, 1, 40)
    assert stage.land(server).changed == 0
    edited = rows("select known_at from raw.forms__journals where submission_id = '3'")
    assert edited == [{"known_at": day(22)}]


@pytest.mark.parametrize(
    ("faults", "known_on"),
    [((), 22), (({"kind": "history_lost", "ids": [3]},), 30)],
    ids=["told", "lost"],
)
def test_what_was_refused_then_edited_and_freed_counts_since_it_was_freed(
    stage: Stage, rows: Rows, faults: tuple[dict[str, Any], ...], known_on: float
) -> None:
    life = forty(Life())
    life.review(3, 14, "not_approved")
    life.edit(3, 20, ref_month="2021-02-01")
    life.review(3, 22, None)
    server = stage.serve(life, 15)
    stage.land(server)
    server.set_clock(day(21))
    server.set_faults(*faults)
    httpx.get(f"{server.url}/me/")  # sets the fault off: later entries are lost
    server.set_clock(day(30))

    assert stage.land(server).edited == 1

    def state(moment: datetime) -> str:
        found = rows(AS_KNOWN, moment=moment)
        return str(
            next(r["review_state_code"] for r in found if r["submission_id"] == "3")
        )

    just_before = day(known_on) - timedelta(seconds=1)
    assert (state(just_before), state(day(known_on))) == ("not_approved", "none")


def test_an_answer_that_an_edit_takes_out_leaves_the_contacts(
    stage: Stage, rows: Rows
) -> None:
    life = forty(Life())
    life.edit(3, 20, phone="")
    server = stage.serve(life, 15)
    stage.land(server)
    server.set_clock(day(21))

    stage.land(server)

    contacts = rows("select submission_id from pii.family_contacts")
    assert len(contacts) == 39
    assert {"submission_id": "3"} not in contacts


def test_a_map_that_names_no_contact_any_more_empties_the_contacts(
    stage: Stage,
    rows: Rows,
    tmp_path: Any,  # noqa: ANN401 - pytest's own path
) -> None:
    server = stage.serve(forty(Life()), 15)
    stage.land(server)
    content = (MAPS / "small_journal.yml").read_text()
    without = tmp_path / "without.yml"
    without.write_text(content[: content.index("  contact_phone")])

    stage.land(server, field_map=str(without))

    assert rows("select 1 from pii.family_contacts") == []


GOOD = {
    "_id": 3,
    "_uuid": "new",
    "_submission_time": "2021-01-01T00:00:00",
    "__version__": "v",
}


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ({"_uuid": None}, "_uuid is not text"),
        ({"_validation_status": "approved"}, "_validation_status is not an object"),
        ({"_validation_status": {"timestamp": 1e30}}, "error"),
        ({"__version__": "v\x00"}, "__version__ holds characters"),
        ({"answer": 2**70}, "it cannot be stored"),
        ({"_attachments": ["x"]}, "_attachments is not a list of objects"),
        ({"_submission_time": "0001-01-01T00:00:00+14:00"}, "overflow"),
    ],
    ids=str,
)
def test_an_odd_record_is_set_aside_and_the_rest_lands(
    stage: Stage,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
    odd: dict[str, Any],
    reason: str,
) -> None:
    server = stage.serve(forty(Life()), 15)
    monkeypatch.setattr(
        "ingestion.sources.kobo.KoboSource._data", with_record(3, {**GOOD, **odd})
    )

    report = stage.land(server)

    assert (report.live, report.rejected) == (39, 1)
    (rejected,) = rows("select submission_id, reason from ops.rejected_records")
    assert rejected["submission_id"] == "3"
    assert reason in rejected["reason"]


def test_an_error_of_the_database_repeats_no_answer(stage: Stage, rows: Rows) -> None:
    with stage.engine.begin() as connection:
        connection.execute(
            text(
                "alter table raw.forms__journals"
                " add check (answers ->> 'family_code' <> 'MX-01-0007')"
            )
        )

    with pytest.raises(WarehouseRefusedError, match="SQLSTATE 23514") as error:
        stage.land(stage.serve(forty(Life()), 15))

    assert error.value.__suppress_context__
    (run,) = rows("select message from ops.sync_runs")
    assert "MX-01-0007" not in f"{error.value} {run}"
    assert rows("select 1 from raw.forms__journals") == []


def test_a_history_that_is_busy_leaves_times_out_and_stops_nothing(
    stage: Stage, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    life = forty(Life())
    life.edit(3, 20, ref_month="2021-02-01")
    server = stage.serve(life, 15)
    stage.land(server)
    server.set_clock(day(30))
    server.set_faults({"kind": "bad_gateway", "path": "/history/", "count": None})

    with caplog.at_level(logging.WARNING):
        assert stage.land(server).edited == 1

    assert "The history of form" in caplog.text
    (edited,) = rows(
        "select known_at from raw.forms__journals where version_number = 2"
    )
    assert edited["known_at"] == day(30)


@pytest.mark.parametrize(
    ("hours_before", "is_believed"), [(0.5, True), (2, False)], ids=str
)
def test_a_time_of_receipt_is_believed_up_to_an_hour_before_the_last_sweep(
    stage: Stage,
    rows: Rows,
    hours_before: float,
    is_believed: bool,  # noqa: FBT001 - a row of the table above
) -> None:
    life = forty(Life())
    server = stage.serve(life, 15)
    stage.land(server)
    stage.stop()
    life.add(41, 15 - hours_before / 24)

    stage.land(stage.serve(life, 20))

    (late,) = rows("select * from raw.forms__journals where submission_id = '41'")
    assert late["known_at"] == (late["received_at"] if is_believed else day(20))


def test_an_edit_of_a_row_that_the_last_sweep_did_not_list_yet_keeps_its_time(
    stage: Stage, rows: Rows
) -> None:
    life = forty(Life())
    stage.land(stage.serve(life, 15))
    stage.stop()
    edited_on = 15 - 0.25 / 24
    life.add(41, 15 - 0.5 / 24)
    life.edit(41, edited_on, ref_month="2021-02-01")

    stage.land(stage.serve(life, 20))

    (late,) = rows("select * from raw.forms__journals where submission_id = '41'")
    assert late["known_at"] == day(edited_on)


def test_the_history_is_asked_from_an_hour_before_the_last_sweep(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingestion.sources.kobo import KoboSource  # noqa: PLC0415 - before the patch

    asked: list[datetime | None] = []
    original = KoboSource.changes

    def changes(self: KoboSource, roots: set[str], since: datetime | None) -> object:
        asked.append(since)
        return original(self, roots, since)

    monkeypatch.setattr(KoboSource, "changes", changes)
    server = stage.serve(forty(Life()), 15)
    stage.land(server)
    stage.land(server)

    assert asked == [None, day(15) - timedelta(hours=1)]


def test_a_submission_that_is_gone_names_the_last_run_that_saw_it(
    stage: Stage, rows: Rows
) -> None:
    server = stage.serve(forty(Life()), 15)
    first = stage.land(server)
    server.set_faults({"kind": "rows_deleted", "ids": [7]})
    stage.land(server)

    seen = rows(
        "select last_seen_run_id::text as run, first_seen_run_id::text as first,"
        " count(*) as n from ops.submission_states group by 1, 2 order by n"
    )
    assert seen == [
        {"run": first.run_id, "first": first.run_id, "n": 1},
        {"run": None, "first": first.run_id, "n": 39},
    ]


def test_what_does_not_add_up_is_undone_and_on_record(
    stage: Stage, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "ingestion.landing.writing.statements.COUNT_OUTCOME",
        text(
            "select 39 as live_count, 0 as rejected_count, 0 as left_out_count"
            " where :form_id <> ''"
        ),
    )

    with pytest.raises(ReconciliationError, match=r"counts 40 .* hold 39"):
        stage.land(stage.serve(forty(Life()), 15))

    assert rows("select 1 from raw.forms__journals") == []
    assert rows("select difference_count from ops.reconciliations") == [
        {"difference_count": 1}
    ]


def test_one_deletion_of_a_small_form_is_believed(stage: Stage) -> None:
    life = Life()
    for number in (1, 2, 3):
        life.add(number, number)
    server = stage.serve(life, 15)
    stage.land(server)
    server.set_faults({"kind": "rows_deleted", "ids": [2]})

    assert stage.land(server).deleted == 1


def test_another_way_of_reading_is_another_map(monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_field_map(MAPS / "small_journal.yml").content_hash
    monkeypatch.setattr(casts, "READER_VERSION", casts.READER_VERSION + 1)

    assert load_field_map(MAPS / "small_journal.yml").content_hash != before


def test_a_family_of_any_registered_site_gets_a_key(stage: Stage, rows: Rows) -> None:
    life = Life()
    good = ("MX-A01-0001", "MX-01-0002")
    odd = ("MX-09-0003", "MX-01-4", "TEST-00-0000", "MX-01-O005", "MX-01.0006")
    for number, code in enumerate((*good, *odd), start=1):
        life.add(number, number, family_code=code)

    stage.land(stage.serve(life, 15), role="enrolment")

    keys = rows("select family_code from pii.family_keys order by 1")
    assert [row["family_code"] for row in keys] == ["MX-01-0002", "MX-A01-0001"]


def test_a_journal_enrols_nobody(stage: Stage, rows: Rows) -> None:
    stage.land(stage.serve(forty(Life()), 15), role="journal")

    assert rows("select 1 from pii.family_keys") == []


def test_a_code_corrected_by_an_edit_gets_a_key_and_the_others_keep_theirs(
    stage: Stage, rows: Rows
) -> None:
    life = Life()
    life.add(1, 1, family_code="MX-01-0001")
    life.add(2, 2, family_code="MX-01-2")
    life.edit(2, 20, family_code="MX-01-0002")
    keys = "select family_code, family_key from pii.family_keys order by 1"
    server = stage.serve(life, 15)
    stage.land(server, role="enrolment")
    (first,) = rows(keys)
    server.set_clock(day(21))

    stage.land(server, role="enrolment")

    kept, corrected = rows(keys)
    assert kept == first
    assert corrected["family_code"] == "MX-01-0002"


class Retyped(Life):
    """A small journal whose second version asks for the month in free words."""

    def form(self) -> Form:
        form = super().form()
        content = copy.deepcopy(form.versions[1].content)
        content["survey"][1]["type"] = "text"
        changed = replace(form.versions[1], content=content)
        return replace(form, versions=(form.versions[0], changed))


def test_a_question_that_changes_its_type_is_listed(stage: Stage, rows: Rows) -> None:
    report = stage.land(stage.serve(forty(Retyped()), 60))

    assert "ref_month" not in report.unmapped
    assert rows(
        "select question_path, previous_question_type, question_type"
        " from ops.unmapped_questions where problem_code = 'type_changed'"
    ) == [
        {
            "question_path": "ref_month",
            "previous_question_type": "date",
            "question_type": "text",
        }
    ]
