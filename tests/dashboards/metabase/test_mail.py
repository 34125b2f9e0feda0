"""Subscriptions and alerts: who gets mail, and who does not any more."""

from pathlib import Path

import pytest

from dashboards.errors import SpecError
from dashboards.metabase import run
from tests.dashboards.metabase.conftest import Applied, Bench, MakeBench

RECIPIENTS = """
metabase_mexico:
  - {email: Ana@example.org}
  - {email: luz@example.org, alerts: false, dashboards: [D1, D2]}
"""


@pytest.fixture
def recipients(tmp_path: Path) -> Path:
    file = tmp_path / "recipients.yml"
    file.write_text(RECIPIENTS)
    return file


def subscribed(bench: Bench) -> dict[str, list[str]]:
    """Return the addresses of every subscription and alert."""
    stored = bench.server.stored
    found = {
        pulse["name"]: [one["email"] for one in pulse["channels"][0]["recipients"]]
        for pulse in stored.pulses.values()
        if not pulse["archived"]
    }
    for alert in stored.notifications.values():
        if alert["active"]:
            card = stored.cards[alert["payload"]["card_id"]]["name"]
            people = alert["handlers"][0]["recipients"]
            found[card] = [one["details"]["value"] for one in people]
    return found


def test_recipients_get_the_dashboards_of_their_reader_every_week(
    bench: Bench, recipients: Path
) -> None:
    file = {"METABASE_RECIPIENTS": str(recipients)}

    first = run.apply(bench.work(**file))
    again = run.apply(bench.work(**file))

    assert subscribed(bench) == {
        "D1 Small board · every week": ["ana@example.org", "luz@example.org"],
        "D2 Small board · every week": ["luz@example.org"],
        "Data that need a look": ["ana@example.org"],
    }
    assert {change.kind for change in first.changes} == {"subscription", "alert"}
    assert again.changes == ()
    pulse = next(iter(bench.server.stored.pulses.values()))
    assert pulse["channels"][0]["schedule_day"] == "mon"


def test_a_language_without_dashboards_is_told(
    applied: Applied, recipients: Path
) -> None:
    bench = applied()
    recipients.write_text(
        "metabase_mexico:\n  - {email: ana@example.org, language: fil}\n"
    )

    outcome = run.apply(bench.work(METABASE_RECIPIENTS=str(recipients)))

    (notice,) = outcome.notices
    assert "metabase_mexico has no dashboards in Filipino" in notice
    assert subscribed(bench) == {}


def test_who_is_taken_off_the_list_gets_nothing_from_the_next_apply_on(
    applied: Applied, recipients: Path
) -> None:
    bench = applied()
    run.apply(bench.work(METABASE_RECIPIENTS=str(recipients)))
    recipients.write_text("metabase_mexico:\n  - {email: ana@example.org}\n")

    run.apply(bench.work(METABASE_RECIPIENTS=str(recipients)))
    fewer = subscribed(bench)
    run.apply(bench.work())

    assert fewer == {
        "D1 Small board · every week": ["ana@example.org"],
        "Data that need a look": ["ana@example.org"],
    }
    assert subscribed(bench) == {}


def test_an_answer_that_is_lost_makes_no_second_subscription(
    applied: Applied, recipients: Path
) -> None:
    bench = applied()
    bench.server.set_faults(
        {"kind": "bad_gateway_after", "path": "POST /api/pulse$"},
        {"kind": "bad_gateway_after", "path": "POST /api/notification$"},
    )

    run.apply(bench.work(METABASE_RECIPIENTS=str(recipients)))

    assert len(bench.server.stored.pulses) == 2
    assert len(bench.server.stored.notifications) == 1


def test_without_an_smtp_server_it_is_said_and_nothing_is_made(
    make_bench: MakeBench, recipients: Path
) -> None:
    bench = make_bench(has_email=False)

    outcome = run.apply(bench.work(METABASE_RECIPIENTS=str(recipients)))

    assert "SMTP" in outcome.notices[0]
    assert bench.server.stored.pulses == {}


def test_subscriptions_of_people_are_left_alone(applied: Applied) -> None:
    bench = applied()
    board = bench.dashboard("metabase_mexico/en/d1_small")
    stored = bench.server.stored
    stored.pulses[7] = {
        "id": 7,
        "name": "D1 Small board",
        "dashboard_id": board["id"],
        "cards": [],
        "channels": [],
        "parameters": [],
        "archived": False,
    }

    assert run.apply(bench.work()).changes == ()


def test_a_wrong_address_is_refused_by_line(applied: Applied, recipients: Path) -> None:
    recipients.write_text("metabase_mexico:\n  - {email: nobody}\n")

    with pytest.raises(SpecError, match="line 2"):
        run.apply(applied().work(METABASE_RECIPIENTS=str(recipients)))
