"""A project history that loses entries or tells what never happened changes no row."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from ingestion.sources.base import SourceStatus
from ingestion.sources.kobo import KoboSource
from tests.ingestion.conftest import Rows
from tests.ingestion.landing.stage import Stage, raw_content
from tests.ingestion.small_forms import Life, day, forty

PULLS = (15, 20.5, 22.5, 30, 61)
HALF_AN_HOUR = 0.5 / 24


@pytest.fixture
def eventful() -> Life:
    """One of everything, to rows that no false entry is about and to some that are."""
    life = forty(Life())
    life.edit(3, 20, ref_month="2021-02-01")
    life.review(4, 21, "approved")
    life.edit(5, 22, ref_month="2021-02-01")
    life.edit(5, 24, ref_month="2021-03-01")
    life.review(5, 25, "on_hold")
    life.delete(6, 24)
    life.add(41, 25)
    life.delete(7, 28)
    return life


def pulled(stage: Stage, rows: Rows, life: Life, *faults: dict[str, Any]) -> Any:  # noqa: ANN401 - what raw holds
    """Return raw after every pull of a life, and empty it again."""
    server = stage.serve(life, PULLS[0])
    server.set_faults(*faults)
    for on_day in PULLS:
        server.set_clock(day(on_day))
        stage.land(server)
    found = raw_content(rows)
    with stage.engine.begin() as connection:
        connection.execute(
            text(
                "truncate raw.forms__journals, ops.submission_states, ops.sync_runs"
                " cascade"
            )
        )
    return found


def without_times(content: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k != "known_at"} for row in content]


@pytest.mark.parametrize(
    ("fault", "is_dated_otherwise"),
    [
        ({"kind": "history_lost"}, True),
        ({"kind": "history_lost", "ids": [5]}, True),
        ({"kind": "history_shortened", "days": 1}, True),
        # Of a row that stays, of rows that go later, and at two pulls.
        (
            {
                "kind": "false_deletions_logged",
                "ids": [6, 7, 8],
                "path": "/me/",
                "count": 2,
            },
            False,
        ),
    ],
    ids=["all lost", "one row's lost", "shortened", "false deletions"],
)
def test_raw_is_the_same_but_for_times_that_are_then_the_runs(
    stage: Stage,
    rows: Rows,
    eventful: Life,
    fault: dict[str, Any],
    *,
    is_dated_otherwise: bool,
) -> None:
    true = pulled(stage, rows, eventful)

    found = pulled(stage, rows, eventful, fault)

    assert without_times(found) == without_times(true)
    assert len(true) == 41 + 6, "every change is a version"
    pairs = [
        (one["known_at"], other["known_at"])
        for one, other in zip(found, true, strict=True)
    ]
    runs = {day(on_day) for on_day in PULLS}
    assert all(ours == its or (ours in runs and ours > its) for ours, its in pairs)
    assert any(ours != its for ours, its in pairs) == is_dated_otherwise


def times(rows: Rows, number: int) -> list[datetime]:
    query = "select known_at from raw.forms__journals where submission_id = :number"
    found = rows(f"{query} order by version_number", number=str(number))
    return [row["known_at"] for row in found]


@pytest.mark.parametrize("logged_on", [20 - HALF_AN_HOUR, 18], ids=["late", "early"])
def test_a_deletion_is_not_dated_by_one_that_failed_before_the_row_was_seen_alive(
    stage: Stage, rows: Rows, logged_on: float
) -> None:
    life = forty(Life())
    life.delete(6, 24)
    server = stage.serve(life, 15)
    stage.land(server)
    server.set_faults(
        {"kind": "false_deletions_logged", "ids": [6]},
        {"kind": "history_lost", "ids": [6]},
    )
    server.set_clock(day(logged_on))
    stage.land(server)  # its first request sets the faults off
    server.set_clock(day(20))
    assert stage.land(server).deleted == 0

    server.set_clock(day(30))
    assert stage.land(server).deleted == 1

    assert times(rows, 6)[-1] == day(30)


def test_an_edit_is_not_dated_by_the_one_before(stage: Stage, rows: Rows) -> None:
    life = forty(Life())
    life.edit(3, 20 - HALF_AN_HOUR, ref_month="2021-02-01")
    life.edit(3, 24, ref_month="2021-03-01")
    server = stage.serve(life, 15)
    stage.land(server)
    server.set_clock(day(20))
    server.set_faults({"kind": "history_lost", "ids": [3]})
    stage.land(server)
    server.set_clock(day(30))

    assert stage.land(server).edited == 1

    assert times(rows, 3)[1:] == [day(20) - timedelta(minutes=30), day(30)]


def test_an_edit_is_not_dated_by_one_that_the_last_sweep_just_caught(
    stage: Stage, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = forty(Life())
    life.edit(3, 20 + HALF_AN_HOUR, ref_month="2021-02-01")
    life.edit(3, 24, ref_month="2021-03-01")
    server = stage.serve(life, 15)
    stage.land(server)
    server.set_faults({"kind": "history_lost", "ids": [3], "path": "/history/"})
    original = KoboSource.check

    def check_then_wait(source: KoboSource) -> SourceStatus:
        status = original(source)
        server.set_clock(day(20 + HALF_AN_HOUR))
        return status

    with monkeypatch.context() as patched:
        patched.setattr(KoboSource, "check", check_then_wait)
        server.set_clock(day(20))
        assert stage.land(server).edited == 1
    server.set_clock(day(30))
    stage.land(server)

    assert times(rows, 3)[1:] == [day(20) + timedelta(minutes=30), day(30)]


def test_a_change_in_the_second_of_the_last_sweep_keeps_its_own_time(
    stage: Stage, rows: Rows
) -> None:
    life = forty(Life())
    # The server's clock shows whole seconds, and the entry is dated in them.
    swept = day(20) + timedelta(milliseconds=300)
    life.edit(3, 20 + 0.6 / 86_400, ref_month="2021-02-01")
    server = stage.serve(life, 15)
    server.set_clock(swept)
    stage.land(server)
    server.set_clock(day(30))

    stage.land(server)

    assert times(rows, 3)[-1] == day(20)
