"""What `status` shows, also where there is little room."""

from datetime import timedelta
from pathlib import Path

import pytest

from ingestion.clock import utc_now
from sandbox.kobo import KoboServer
from tests.ingestion.command_line.commands import SetConnection, objects, run
from tests.ingestion.conftest import REGISTRY
from tests.ingestion.small_forms import UID

COLUMNS = ("form", "last run", "ago", "good", "live", "rejected", "unmapped")


def test_the_last_run_of_every_form_is_shown(registry: Path) -> None:
    run("land")

    code, out, _ = run("status", "--json")

    states = {row["form"]: row for row in objects(out)}
    assert code == 0
    assert states["journal"]["status_code"] == "succeeded"
    assert states["journal"]["live_count"] == 40
    assert states["journal"]["last_good_age_seconds"] < 60
    assert states["journal"]["is_waiting_for_approval"] is False
    assert registry.exists()


def test_what_went_wrong_is_said_in_full(
    registry: Path, connect_with: SetConnection
) -> None:
    connect_with(token="0" * 40)
    _, _, said = run("land", "--form", "journal")

    _, out, _ = run("status")

    sentence = said.strip().removeprefix("journal: ")
    assert registry.exists()
    assert sentence.endswith(".")
    assert f"journal: {sentence}" in out.splitlines()


def test_a_failed_run_leaves_the_last_good_one_and_its_counts_in_sight(
    registry: Path, connect_with: SetConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("land", "--form", "journal")
    connect_with(token="0" * 40)
    run("land", "--form", "journal")
    later = utc_now() + timedelta(hours=5)
    monkeypatch.setattr("ingestion.command_line.status.utc_now", lambda: later)

    _, out, _ = run("status", "--json")

    (row,) = objects(out)
    assert (row["status_code"], row["failure_code"]) == ("failed", "wrong_token")
    assert 5 * 3600 <= row["last_good_age_seconds"] < 5 * 3600 + 120
    assert row["live_count"] == 40
    assert registry.exists()


def test_deletions_that_wait_for_a_person_are_shown(
    registry: Path, server: KoboServer
) -> None:
    run("land", "--form", "journal")
    server.set_faults({"kind": "rows_deleted", "ids": list(range(1, 11))})
    code, _, said = run("land", "--form", "journal")

    _, out, _ = run("status", "--json")
    _, table, _ = run("status")

    (row,) = objects(out)
    assert code == 1
    assert "10 of 40 submissions are gone" in said
    assert row["is_waiting_for_approval"] is True
    assert "waiting" in table
    assert "--approve-deletions" in table
    assert registry.exists()


def test_a_remap_does_not_hide_that_deletions_wait(
    registry: Path, server: KoboServer
) -> None:
    run("land", "--form", "journal")
    server.set_faults({"kind": "rows_deleted", "ids": list(range(1, 11))})
    run("land", "--form", "journal")
    code, _, _ = run("remap", "--form", "journal")

    _, out, _ = run("status", "--json")
    _, table, _ = run("status")

    (row,) = objects(out)
    assert code == 0
    assert (row["status_code"], row["failure_code"]) == ("failed", "deletions_wait")
    assert row["is_waiting_for_approval"] is True
    assert row["remap_status_code"] == "succeeded"
    assert row["remap_started_at"] > row["started_at"]
    assert all(word in table for word in ("failed", "remapped", "waiting"))
    assert "--approve-deletions" in table
    assert registry.exists()


def test_a_landing_after_a_remap_stands_alone(registry: Path) -> None:
    for command in ("land", "remap", "land"):
        run(command, "--form", "journal")

    (row,) = objects(run("status", "--json")[1])

    assert (row["kind_code"], row["remap_status_code"]) == ("land", None)
    assert registry.exists()


def test_every_column_is_readable_in_eighty_columns(registry: Path) -> None:
    name = "journal_of_the_second_wave_in_new_york"
    content = REGISTRY.replace("form: aSmall", f"name: {name}, form: aSmall")
    registry.write_text(content)
    run("land")

    _, out, _ = run("status", columns=80)

    lines = out.splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert "…" not in out
    assert all(column in out for column in (*COLUMNS, "deletions"))
    assert "succeeded" in out
    assert name in "".join(line.split()[0] for line in lines if line[0] != " ")


def test_without_a_registry_forms_are_shown_by_their_role(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.write_text(REGISTRY.replace("role: journal", "role: journal, name: diary"))
    run("land", "--form", "diary")
    monkeypatch.setenv("JOURNAL_SITES", "nowhere.yml")

    _, out, _ = run("status", "--json")

    (row,) = objects(out)
    assert (row["form"], row["form_id"]) == ("journal", UID)


def test_a_warehouse_without_runs_says_what_to_do(registry: Path) -> None:
    code, out, _ = run("status")

    assert code == 0
    assert "run `python -m ingestion land`" in out
    assert registry.exists()
