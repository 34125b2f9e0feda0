from datetime import timedelta

import pytest

from alerts import send_digests
from alerts.errors import DeliveryError
from tests.alerts.conftest import ENGINEER, LEAD, NOW, Stage, alerts
from tests.alerts.test_checking import ADD_ISSUE, ADD_MONTHS, GONE, MARTS


def send(stage: Stage, days: int = 0) -> int:
    now = NOW + timedelta(days=days)
    return send_digests(now, registry=stage.registry, engine=stage.engine)


def test_everybody_gets_one_digest_a_week(stage: Stage) -> None:
    assert send(stage) == 2
    assert send(stage, days=2) == 0, "the Sunday of the same week"
    assert send(stage, days=3) == 2

    assert len(stage.texts_to(LEAD)) == 2


def test_a_digest_says_what_is_open_what_was_mended_and_how_the_site_stands(
    stage: Stage,
) -> None:
    stage.landed("exit", "failed", "registry_wrong", "It is wrong.")
    stage.landed("journal", "failed", "registry_wrong", "It is wrong too.")
    stage.check()
    stage.landed("exit", hours_ago=0)
    stage.run(MARTS)
    stage.run(ADD_ISSUE, rule="unit_error", site="MX-01", owner="analyst")
    stage.run(ADD_MONTHS, site="MX-01", status="late", count=3)
    stage.run(ADD_MONTHS, site="PH-01", status="missing", count=3)
    stage.check()
    send(stage)

    to_lead, to_engineer = stage.texts_to(LEAD)[-1], stage.texts_to(ENGINEER)[-1]
    assert "- The form journal did not land: It is wrong too (since 2026-03-20)" in (
        to_engineer
    )
    assert (
        "Mended this week:\n- The form exit did not land: It is wrong\n" in to_engineer
    )
    assert "- PH-01 2026-02: 0 of 3" in to_engineer
    assert "- MX-01 2026-02: 3 of 3" in to_lead
    assert "- MX-01: 1 error: Income in another unit" in to_lead
    assert "PH-01" not in to_lead
    assert "The form" not in to_lead


def test_a_digest_that_was_not_taken_is_sent_by_the_next_run(stage: Stage) -> None:
    stage.mail.refusal = "451 later"
    with pytest.raises(DeliveryError, match=r"engineer: .*lead_mexico: "):
        send(stage)
    stage.mail.refusal = ""

    assert send(stage) == 2


def test_a_digest_that_one_of_two_addresses_took_is_not_sent_again(
    stage: Stage,
) -> None:
    stage.told(alerts(all={"email": [GONE, ENGINEER]}))
    stage.mail.refused = {GONE: "550 no such box"}

    assert send(stage) == 1
    assert send(stage, days=1) == 0
    assert len(stage.texts_to(ENGINEER)) == 1
    assert stage.open_causes() == ["address_refused/all"]
