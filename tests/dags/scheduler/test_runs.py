"""A real scheduler runs the DAGs: what happens when all goes well, and when not.

All of it takes about ten minutes, of which most are builds.
"""

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from sandbox.airflow.api import DagRun
from tests.dags.scheduler.stage import (
    CHECK,
    FORMS,
    INGEST,
    SECOND_PULL,
    Rows,
    Stage,
    wait_until,
)

pytestmark = pytest.mark.long

AWAY = {"kind": "unavailable", "path": "aMeetingPilot2020Kobo1", "count": None}
AWAY_ALERT = "server_failed/kobo_main"
NO_WAIT = {"seconds": 0}
NEWEST_MONTH = "select max(journal_month) from marts.fct_family_months"
OPEN = "select cause_id, summary from ops.alerts where closed_at is null"


def test_a_first_run_lands_every_form_and_builds_the_marts(stage: Stage) -> None:
    runs = stage.rows("select distinct form_id, status_code from ops.sync_runs")
    landed = {row["form_id"] for row in stage.raw_rows()}

    assert len(runs) == len(landed) == len(FORMS)
    assert {run["status_code"] for run in runs} == {"succeeded"}
    ((family_count,),) = [
        row.values() for row in stage.rows("select count(*) from marts.dim_families")
    ]
    assert family_count == 14


def test_a_run_without_news_changes_no_row(stage: Stage) -> None:
    raw, marts = stage.raw_rows(), stage.marts()

    landed, built = stage.pull()

    assert (landed.state, built.state) == ("success", "success")
    assert stage.raw_rows() == raw
    assert stage.marts() == marts


def test_a_form_whose_server_is_away_holds_up_no_other_and_is_told_of(
    stage: Stage,
) -> None:
    ((before,),) = [row.values() for row in stage.rows(NEWEST_MONTH)]
    stage.kobo.set_clock(SECOND_PULL)
    stage.kobo.set_faults(AWAY | NO_WAIT)

    landed, built = stage.pull()
    stage.caused(built, CHECK)

    tasks = stage.tasks(landed)
    assert landed.state == "failed"
    assert {name: task.state for name, task in tasks.items()} == {
        "land_sites": "success",
        "list_forms": "success",
        "land_submissions of enrolment": "success",
        "land_submissions of journal": "success",
        "land_submissions of peer_meeting": "failed",
        "announce_raw": "success",
        "require_all_forms": "upstream_failed",
    }
    assert tasks["land_submissions of peer_meeting"].try_number == 4
    ((label, sentence),) = stage.errors(landed).items()
    assert label == "land_submissions of peer_meeting"
    assert "answered 503" in sentence
    assert built.state == "success"
    ((after,),) = [row.values() for row in stage.rows(NEWEST_MONTH)]
    assert after > before
    alerts = {row["cause_id"]: row["summary"] for row in stage.rows(OPEN)}
    assert "did not land: peer_meeting." in alerts[AWAY_ALERT]
    assert stage.told_of("did not land: peer_meeting.") == 1

    stage.kobo.set_faults()
    with stage.api() as api:
        api.clear(landed, tasks["land_submissions of peer_meeting"])
    landed = stage.ended(landed)

    assert landed.state == "success"
    wait_until(
        "the alert is closed",
        lambda: AWAY_ALERT not in {row["cause_id"] for row in stage.rows(OPEN)},
    )
    stage.be_at_rest()


def test_three_months_that_were_missed_come_with_the_next_run(stage: Stage) -> None:
    stage.kobo.set_clock(datetime(2021, 11, 30, tzinfo=UTC))

    landed, built = stage.pull()

    assert (landed.state, built.state) == ("success", "success")
    reported = stage.rows(
        "select journal_month, count(*) as journal_count from marts.fct_family_months"
        " where journal_status_code in ('on_time', 'late')"
        " and journal_month > '2021-07-01'"
        " group by 1 order by 1"
    )
    assert [f"{row['journal_month']:%Y-%m}" for row in reported] == [
        "2021-08",
        "2021-09",
        "2021-10",
    ]


def test_a_backfill_of_three_nights_lands_nothing_twice(stage: Stage) -> None:
    raw = stage.raw_rows()
    known = {row["run_id"] for row in stage.times(INGEST)}

    stage.command(
        *("backfill", "create", "--dag-id", INGEST, "--max-active-runs", "1"),
        *("--from-date", "2021-09-01", "--to-date", "2021-09-03T12:00"),
    )
    wait_until("three runs have begun", lambda: len(_backfilled(stage, known)) == 3)
    stage.be_at_rest()

    runs = _backfilled(stage, known)
    assert {run["state"] for run in runs} == {"success"}
    assert _overlaps(runs) == []
    assert stage.raw_rows() == raw


def test_a_run_that_takes_longer_than_its_schedule_is_not_overtaken(
    stage: Stage,
) -> None:
    known = {row["run_id"] for row in stage.times(INGEST)}
    file = stage.dags / f"{INGEST}.py"
    nightly = file.read_text()
    each_minute = nightly.replace('"0 2 * * *"', '"* * * * *"')
    assert each_minute != nightly
    # Two forms are read at once, and each asks a few times: longer than a minute.
    stage.kobo.set_faults({"kind": "slow", "seconds": 40, "count": 4})
    file.write_text(each_minute)

    try:
        wait_until("a second run begins", lambda: len(_new(stage, known)) >= 2)
    finally:
        stage.kobo.set_faults()
        file.write_text(nightly)
    stage.be_at_rest()

    first, second, *_ = _new(stage, known)
    assert first["run_type"] == second["run_type"] == "scheduled"
    assert second["run_after"] < first["end_date"] <= second["start_date"]
    assert _overlaps(_new(stage, known)) == []


def test_a_registry_that_goes_wrong_meanwhile_is_one_sentence_and_mends(
    stage: Stage,
) -> None:
    right = stage.registry.read_text()
    wrong = right.replace("- US-01", "- US-10")
    assert wrong != right
    stage.kobo.set_clock(SECOND_PULL)
    stage.kobo.set_faults({"kind": "slow", "seconds": 5, "count": 1})
    run = stage.trigger()
    wait_until("a form lands", lambda: _is_landing(stage, run))
    stage.registry.write_text(wrong)

    landed = stage.ended(run)
    refused = stage.ended(stage.trigger())

    said = stage.errors(landed) | stage.errors(refused)
    assert refused.state == "failed"
    assert "land_sites" in stage.errors(refused)
    assert stage.told_of("US-10") >= 1
    for sentence in said.values():
        assert re.fullmatch(r"\S*sites\.yml, line \d+: [^\n]*'US-10'[^\n]*", sentence)

    stage.registry.write_text(right)
    landed, built = stage.pull()
    stage.caused(built, CHECK)

    assert (landed.state, built.state) == ("success", "success")
    assert [
        row["cause_id"] for row in stage.rows(OPEN) if "failed" in row["cause_id"]
    ] == []


def _is_landing(stage: Stage, run: DagRun) -> bool:
    tasks = stage.tasks(run)
    return any(
        task.task_id == "land_submissions" and task.state == "running"
        for task in tasks.values()
    )


def _new(stage: Stage, known: set[str]) -> Rows:
    runs = stage.times(INGEST)
    return [row for row in runs if row["run_id"] not in known and row["start_date"]]


def _backfilled(stage: Stage, known: set[str]) -> Rows:
    # Airflow reckons from the last night it ran, and adds one that it takes for missed.
    return [run for run in _new(stage, known) if run["run_type"] == "backfill"]


def _overlaps(runs: Rows) -> list[str]:
    """Return the runs that began before the one before them had ended."""
    return [
        str(later["run_id"])
        for earlier, later in pairwise(runs)
        if later["start_date"] < earlier["end_date"]
    ]
