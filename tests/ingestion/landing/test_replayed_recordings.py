"""Real exchanges of a real server, served again over HTTP, must land as their story."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingestion.landing import LandingReport
from sandbox.kobo.edge.server import KoboServer
from sandbox.kobo.for_tests import replay
from tests.ingestion.conftest import MAPS, Rows, land_from

TOKEN = "0123456789abcdef" * 2 + "01234567"
MOMENTS = (
    replay.THIRTY_ROWS,
    replay.EDITED,
    replay.REVIEWED,
    replay.ONE_DELETED,
    replay.REDEPLOYED,
    replay.END_OF_STORY,
)


@pytest.fixture
def server(shared_folder: Path) -> Iterator[KoboServer]:
    folder = shared_folder / "sources" / "kobo_recorded"
    with KoboServer(
        replay.replay_forms(folder),
        clock=replay.THIRTY_ROWS,
        token=TOKEN,
        accounts=replay.replay_accounts(TOKEN),
    ) as server:
        yield server


def land_journal(server: KoboServer, engine: Engine) -> LandingReport:
    return land_from(
        server.url,
        TOKEN,
        replay.JOURNAL_UID,
        engine,
        MAPS / "recorded_journal.yml",
    )


@pytest.fixture
def whole_story(server: KoboServer, engine: Engine) -> list[LandingReport]:
    """Land the recorded journal at every moment of its story."""
    reports = []
    for moment in MOMENTS:
        server.service.set_clock(moment)
        reports.append(land_journal(server, engine))
    return reports


def test_every_moment_of_the_story_lands_what_happened_since(
    whole_story: list[LandingReport],
) -> None:
    found = [(r.new, r.edited, r.reviewed, r.deleted, r.live) for r in whole_story]

    assert found == [
        (30, 0, 0, 0, 30),
        (0, 3, 0, 0, 30),  # 13 (twice in between), 14 and 18
        (0, 0, 3, 0, 30),  # 1 to 3; the review of 4 was taken back
        (0, 0, 0, 1, 29),  # 16
        (0, 0, 0, 0, 29),  # a second version and nothing else
        (7, 1, 0, 0, 36),  # 32 to 38, and 27 edited in the second version
    ]


def test_an_edit_keeps_the_submissions_identity_and_takes_the_servers_time(
    whole_story: list[LandingReport], rows: Rows
) -> None:
    assert whole_story
    found = rows(
        "select submission_id, root_id, change_code, known_at"
        " from raw.forms__journals where submission_id in ('13', '16', '27')"
        " order by 1, version_number"
    )

    assert [(row["submission_id"], row["change_code"]) for row in found] == [
        ("13", "new"),
        ("13", "edited"),
        ("16", "new"),
        ("16", "deleted"),
        ("27", "new"),
        ("27", "edited"),
    ]
    assert len({row["root_id"] for row in found}) == 3
    times = {row["submission_id"]: row["known_at"] for row in found}
    assert times["16"] == datetime(2026, 6, 2, 9, tzinfo=UTC)
    assert replay.THIRTY_ROWS < times["13"] <= replay.EDITED


def test_both_versions_of_the_form_land_on_the_same_names(
    whole_story: list[LandingReport], rows: Rows
) -> None:
    assert whole_story[-1].unmapped == ("unexpected",)
    found = rows(
        "select version_number, answers #> '{members,0,income_sources}' as sources"
        " from raw.forms__journals where submission_id = '27' order by 1"
    )

    expected = [{"income_type_code": "remittance", "amount_local": 1200}]
    assert [row["sources"] for row in found] == [expected, expected]
    assert len(rows("select 1 from raw.forms__versions")) == 2


def test_answers_that_the_server_let_through_are_named_as_unreadable(
    whole_story: list[LandingReport], rows: Rows
) -> None:
    assert whole_story
    (row,) = rows(
        "select answers, answer_problems, payload from raw.forms__journals"
        " where submission_id = '38'"
    )

    assert [one["field"] for one in row["answer_problems"]] == ["hope_score"]
    assert "hope_score" not in row["answers"]
    assert row["payload"]["unexpected"] == "stays"


def test_landing_at_the_end_only_gives_the_same_live_answers(
    server: KoboServer, engine: Engine, rows: Rows, whole_story: list[LandingReport]
) -> None:
    latest = (
        "select distinct on (submission_id) submission_id, answers, change_code"
        " from raw.forms__journals order by submission_id, version_number desc"
    )
    live = {
        row["submission_id"]: row["answers"]
        for row in rows(latest)
        if row["change_code"] != "deleted"
    }
    with engine.begin() as connection:
        for table in ("raw.forms__journals", "ops.submission_states"):
            connection.exec_driver_sql(f"truncate {table}")

    assert land_journal(server, engine).new == whole_story[-1].live
    assert {row["submission_id"]: row["answers"] for row in rows(latest)} == live


def test_a_repeat_that_the_server_flattened_is_still_a_repeat(
    server: KoboServer, engine: Engine, rows: Rows
) -> None:
    reports = []
    for moment in (replay.REPEAT_SENT, replay.REPEAT_REVIEWED):
        server.service.set_clock(moment)
        reports.append(
            land_from(
                server.url,
                TOKEN,
                replay.REPEAT_UID,
                engine,
                MAPS / "removed_repeat.yml",
            )
        )

    # Only a reviewer acted; what the server did to the row besides is no edit.
    assert [(r.new, r.edited, r.reviewed) for r in reports] == [(2, 0, 0), (0, 0, 2)]
    (before, after) = rows(
        "select answers, payload from raw.forms__journals"
        " where submission_id = '1141' order by version_number"
    )
    assert "kids" in before["payload"]
    assert "kids/kid" in after["payload"]
    assert before["answers"] == after["answers"]
