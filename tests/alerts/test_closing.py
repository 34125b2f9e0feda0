"""Alerts that nothing mends any more: closed by a person, or with what they were of."""

from dataclasses import replace
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from alerts import close, send_digests
from alerts.__main__ import app
from alerts.errors import AlertError
from tests.alerts.conftest import ENGINEER, NOW, Stage, form
from tests.alerts.test_failures import fail

LATER = NOW + timedelta(hours=1)
ASKING = ("approve_deletions", "ask_person", None)
REASON = "the form was restored"
KEPT = "select alert_id, closed_at, closed_by, close_reason from ops.alerts"


def test_an_alert_that_a_person_closes_says_who_and_why_and_is_told_as_closed(
    stage: Stage,
) -> None:
    fail(stage, *ASKING, error=TimeoutError())
    (row,) = stage.run(KEPT)
    assert (row.closed_by, row.close_reason) == (None, None)

    said = close(row.alert_id, REASON, LATER, closed_by="ana", engine=stage.engine)

    (kept,) = stage.run(KEPT)
    assert tuple(kept) == (row.alert_id, LATER, "ana", REASON)
    assert "approve_deletions.ask_person" in said
    stage.check(LATER)
    assert stage.texts_to(ENGINEER)[-1] == (
        "Mended:\n- The task approve_deletions.ask_person failed: TimeoutError, see "
        f"the log of the task (closed: {REASON})\n"
    )
    send_digests(LATER, registry=stage.registry, engine=stage.engine)
    digest = stage.texts_to(ENGINEER)[-1]
    assert "Open:\n- nothing" in digest
    assert f"(closed: {REASON})" in digest


def test_without_a_name_it_is_the_account_that_closes(stage: Stage) -> None:
    fail(stage, *ASKING, error=TimeoutError())
    (row,) = stage.run(KEPT)

    close(row.alert_id, REASON, LATER, engine=stage.engine)

    assert "@" in stage.run(KEPT)[0].closed_by


@pytest.mark.parametrize(
    ("alert_id", "reason", "sentence"),
    [
        (None, " ", "Give a reason"),
        (None, "x" * 201, "Give a reason"),
        (-1, REASON, "No alert -1 is open: `python -m alerts open`"),
    ],
)
def test_what_cannot_be_closed_is_told_in_a_sentence(
    stage: Stage, alert_id: int | None, reason: str, sentence: str
) -> None:
    fail(stage, *ASKING, error=TimeoutError())
    (row,) = stage.run(KEPT)

    with pytest.raises(AlertError, match=sentence):
        close(alert_id or row.alert_id, reason, LATER, engine=stage.engine)

    assert len(stage.open_causes()) == 1


def test_what_fails_again_is_open_again(stage: Stage) -> None:
    fail(stage, *ASKING, error=TimeoutError())
    close(stage.run(KEPT)[0].alert_id, REASON, LATER, engine=stage.engine)
    fail(stage, *ASKING, error=TimeoutError())

    assert stage.open_causes() == ["task_failed/approve_deletions.ask_person"]


def test_the_command_shows_the_number_that_closes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = stage.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("WAREHOUSE_URL", url)
    fail(stage, *ASKING, error=TimeoutError())
    shown = CliRunner().invoke(app, ["open"]).output
    number = shown.split()[0]

    done = CliRunner().invoke(app, ["close", number, "--reason", REASON])

    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"Closed {number}: The task approve_deletions")
    assert stage.open_causes() == []


def test_a_check_closes_the_tasks_of_forms_that_the_registry_no_longer_has(
    stage: Stage,
) -> None:
    stage.registry = replace(
        stage.registry, forms=(form("journal"), form("exit"), form("old. form"))
    )
    for name in ("journal", "old. form"):
        fail(stage, "fetch_attachments", "fetch_files", name, error=ValueError("x"))
    fail(stage, *ASKING, error=TimeoutError())
    stage.registry = replace(stage.registry, forms=(form("journal"), form("exit")))

    report = stage.check(LATER)

    assert report.closed == 1
    assert stage.open_causes() == [
        "task_failed/approve_deletions.ask_person",
        "task_failed/fetch_attachments.fetch_files.journal",
    ]
