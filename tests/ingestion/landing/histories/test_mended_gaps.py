"""Seldom met ways of losing something, each of which was open once."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.ingestion.conftest import Rows
from tests.ingestion.landing.histories.disturbed import FIRST
from tests.ingestion.landing.histories.hand_written import HandWritten, good_record
from tests.ingestion.landing.histories.kinds import Access
from tests.ingestion.landing.histories.kobo import Kobo
from tests.ingestion.landing.stage import Stage
from tests.ingestion.small_forms import NEW, Life, day


def test_an_edit_that_is_listed_but_not_sent_is_no_good_run(
    engine: Engine, rows: Rows
) -> None:
    life = Life()
    for number in range(1, 4):
        life.add(number, number)
    life.edit(2, 20, ref_month="2021-02-01")
    kind = Kobo()
    server = kind.serve(life.form(), FIRST)
    try:
        kind.land(server, engine, Access())
        server.set_clock(day(21))
        # Pages of the sweep are the first and, as that is full, the second.
        kind.land(server, engine, Access(row_left_out_of=3))
    except Exception:  # noqa: BLE001 - whatever says that it was no good run
        return
    finally:
        server.stop()
    assert len(rows("select 1 from raw.forms__journals")) == 4


def test_a_submission_dated_ahead_by_its_phone_is_known_since_it_showed_up(
    stage: Stage, rows: Rows
) -> None:
    life = Life()
    life.add(1, 2)
    record = life.events[-1].record
    assert record is not None
    record["_submission_time"] = f"{day(4_000):%Y-%m-%dT%H:%M:%S}"

    stage.land(stage.serve(life, 3))

    (row,) = rows("select known_at from raw.forms__journals")
    assert row["known_at"] <= day(3)


def test_a_submission_of_a_version_deployed_meanwhile_is_read_as_of_that_version(
    engine: Engine, rows: Rows
) -> None:
    life = Life()
    life.add(1, 1)
    life.add(2, 51, family_code="MX-01-0002")
    kind = Kobo()
    server = kind.serve(life.form(), day(49))

    def deploy(number: int) -> None:
        if number == 5:  # the versions are read, the submissions are not
            server.set_clock(day(52))

    try:
        kind.land(server, engine, Access(before=deploy))
        server.set_clock(day(52) + timedelta(hours=1))
        kind.land(server, engine, Access())
    finally:
        server.stop()
    found = rows(
        "select form_version_id, form_version_name from raw.forms__journals"
        " where submission_id = '2'"
    )
    assert found == [{"form_version_id": NEW, "form_version_name": "2021010401"}]


@pytest.mark.parametrize("number", ["1e999", "NaN", "-Infinity"])
def test_a_number_that_is_none_is_not_silently_nothing(
    engine: Engine, rows: Rows, number: str
) -> None:
    record = f'{good_record(5)[:-1]}, "amount": {number}}}'

    HandWritten([good_record(1), record]).land(engine)

    assert not rows(
        "select 1 from raw.forms__journals"
        " where payload::jsonb @> '{\"amount\": null}' and answer_problems = '[]'"
    )


def test_a_number_of_very_many_digits_stays_what_was_written(
    engine: Engine, rows: Rows
) -> None:
    record = f'{good_record(5)[:-1]}, "amount": {"9" * 5_000}}}'

    report = HandWritten([good_record(1), record]).land(engine)

    (row,) = rows(
        "select payload ->> 'amount' as amount from raw.forms__journals"
        " where submission_id = '5'"
    )
    assert (report.live, row["amount"]) == (2, "9" * 5_000)


def test_a_payload_is_kept_letter_by_letter(engine: Engine, rows: Rows) -> None:
    record = f'{good_record(1)[:-1]}, "b" : "\\/",  "a": 1.50, "b": "twice"}}'

    HandWritten([record]).land(engine)

    (row,) = rows("select payload::text as text from raw.forms__journals")
    assert row["text"] == record
