"""Reading anew what has landed, and that the next landing does not notice."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingestion.clock import utc_now
from ingestion.landing.bookkeeping.runs import record_run
from ingestion.registry import load_registry
from sandbox.kobo import KoboServer
from tests.ingestion.command_line.commands import objects, run
from tests.ingestion.conftest import MAPS, Rows
from tests.ingestion.small_forms import Life, day, forty

ANSWERS = "select answers from raw.forms__journals where submission_id = '41'"
UNMAPPED = "select question_path from ops.unmapped_questions"


@pytest.fixture
def life() -> Life:
    life = forty(Life())
    life.add(41, 55, family_code="MX-01-0041", ref_month="2021-02-01", mood="calm")
    life.edit(3, 56, phone="555 111 111")
    life.review(4, 57, "not_approved")
    life.delete(5, 58)
    return life


@pytest.fixture
def server(life: Life) -> Iterator[KoboServer]:
    with KoboServer([life.form()], clock=day(55.5)) as server:
        yield server


def accept_mood(registry: Path) -> None:
    """Put the map that knows the mood in the place of the present one."""
    shutil.copy(
        MAPS / "small_journal_with_mood.yml", registry.parent / "small_journal.yml"
    )


def test_answers_get_the_names_of_the_present_map_without_asking_the_server(
    registry: Path, server: KoboServer, rows: Rows
) -> None:
    run("land", "--form", "journal")
    assert rows(UNMAPPED) == [{"question_path": "mood"}]
    accept_mood(registry)
    server.clear_requests()

    code, out, err = run("remap", "--form", "journal")

    assert (code, err) == (0, "")
    assert out.startswith("journal: 41 versions read, the answers of 1 changed (")
    assert rows(ANSWERS)[0]["answers"]["mood_code"] == "calm"
    assert rows(UNMAPPED) == []
    assert server.requests == []


def test_what_is_still_unmapped_is_said(registry: Path, rows: Rows) -> None:
    run("land", "--form", "journal")

    code, out, err = run("remap", "--form", "journal", "--json")

    (report,) = objects(out)
    assert (code, err) == (0, "")
    assert (report["read"], report["changed"]) == (41, 0)
    assert report["unmapped"] == ["mood"]
    assert rows(UNMAPPED) == [{"question_path": "mood"}]
    assert registry.exists()


def test_a_form_of_which_nothing_has_landed_is_read_as_well(registry: Path) -> None:
    code, out, _ = run("remap", "--form", "journal")

    assert code == 0
    assert out.startswith("journal: 0 versions read")
    code, out, _ = run("land", "--form", "journal")
    assert "41 new" in out
    assert registry.exists()


VERSIONS = (
    "select submission_id, version_number, change_code, known_at, received_at,"
    " review_state_code, answers from raw.forms__journals"
    " order by submission_id, version_number"
)
STATES = (
    "select submission_id, is_live, version_number, last_seen_run_id"
    " from ops.submission_states order by submission_id"
)


def test_the_next_landing_fetches_differences_only_and_dates_them_as_ever(
    registry: Path, server: KoboServer, rows: Rows
) -> None:
    run("land", "--form", "journal")
    (landing,) = rows("select run_id, swept_at from ops.sync_runs")
    run("remap", "--form", "journal")
    server.set_clock(day(60))
    server.clear_requests()

    code, out, _ = run("land", "--form", "journal")

    after = {
        (row["submission_id"], row["version_number"]): row for row in rows(VERSIONS)
    }
    assert code == 0
    assert "1 edited, 1 reviewed, 1 deleted; 40 live" in out
    fetched = [one["path"] for one in server.requests if "$in" in one["path"]]
    fetched += [one["path"] for one in server.requests if "%24in" in one["path"]]
    assert len(fetched) == 1
    assert after["3", 2]["known_at"] == day(56)
    assert after["4", 2]["known_at"] == day(57)
    assert after["5", 2]["known_at"] == day(58)
    gone = [row for row in rows(STATES) if not row["is_live"]]
    assert [row["last_seen_run_id"] for row in gone] == [landing["run_id"]]
    assert registry.exists()


def test_a_remap_is_not_a_pull(registry: Path, rows: Rows) -> None:
    run("land", "--form", "journal")
    (before,) = objects(run("status", "--json")[1])
    run("remap", "--form", "journal")

    (after,) = objects(run("status", "--json")[1])
    _, table, _ = run("status")

    assert (after["kind_code"], after["status_code"]) == ("land", "succeeded")
    assert before["remap_status_code"] is None
    assert after["remap_status_code"] == "succeeded"
    assert after["last_good_at"] == before["last_good_at"]
    assert after["live_count"] == 41
    assert "remapped" in table
    assert rows("select kind_code from ops.sync_runs order by started_at") == [
        {"kind_code": "land"},
        {"kind_code": "remap"},
    ]
    assert registry.exists()


def test_a_form_that_is_being_landed_is_left_alone(
    registry: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.landing.bookkeeping.form_locks.BUSY_SECONDS", 1)
    form = load_registry(registry).forms[0]

    with record_run(engine, form, utc_now):
        code, _, err = run("remap", "--form", "journal")

    assert code == 1
    assert "Another run is landing form 'journal' right now" in err
