from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from alerts.errors import DeliveryError
from tests.alerts.conftest import ENGINEER, LEAD, NOW, SECRET, Stage, alerts

LATER = NOW + timedelta(hours=1)
GONE = "gone@programme.example"
AWAY = "Kobo did not answer"
MARTS = """
create table marts.fct_family_months (
    site_code text, journal_month date, journal_status_code text, journal_due_date date
);
create table ops.data_issues (
    rule_code text, severity_code text, owner_code text, issue_status_code text,
    site_code text, opened_at timestamptz
);
create table ops.issue_rules (
    rule_code text, owner_code text, rule_name text, what_to_do text
);
insert into ops.issue_rules values
    ('unit_error', 'analyst', 'Income in another unit', 'Ask the family.'),
    ('price_missing', 'engineer', 'Month without prices', 'Add them.');
"""
ADD_MONTHS = """
insert into marts.fct_family_months
select :site, '2026-02-01', :status, '2026-03-15' from generate_series(1, :count)
"""
ADD_ISSUE = """
insert into ops.data_issues values (:rule, 'error', :owner, 'open', :site, now())
"""


def test_a_failed_form_is_told_once_and_again_when_it_is_mended(stage: Stage) -> None:
    stage.landed("exit")
    stage.landed("journal", "failed", "form_refused", "Form journal is not deployed.")
    stage.check()
    stage.check(LATER)

    (told,) = stage.texts_to(ENGINEER)
    assert "ERROR: The form journal did not land: Form journal is not deployed." in told
    assert "What to do: Correct what it says, then land it again" in told
    assert "Runbook: warehouse_docs/runbooks/alerts.md#form_failed" in told

    stage.landed("journal", hours_ago=0)
    report = stage.check(LATER)
    stage.check(LATER)

    assert (report.closed, report.open) == (1, 0)
    assert stage.texts_to(ENGINEER)[1:] == [
        "Mended:\n- The form journal did not land: Form journal is not deployed\n"
    ]


def test_forms_of_a_server_that_is_away_are_one_alert(stage: Stage) -> None:
    for name in ("journal", "exit"):
        stage.landed(name, "failed", "source_unavailable", f"{AWAY}.")
    stage.check()

    assert stage.open_causes() == ["server_failed/kobo_main"]
    (told,) = stage.texts_to(ENGINEER)
    assert f"kobo_main did not land: journal, exit. {AWAY}" in told


def test_a_form_that_another_run_was_at_is_not_wrong(stage: Stage) -> None:
    stage.all_landed(hours_ago=2)
    stage.landed("journal", "failed", "form_busy", "Another run is at it.")

    assert stage.check().found == 0


def test_deletions_that_wait_say_who_decides(stage: Stage) -> None:
    stage.landed("exit")
    stage.landed("journal", "failed", "deletions_wait", "40 of 50 are gone.")
    stage.check()

    (told,) = stage.texts_to(ENGINEER)
    assert "Deletions of the form journal wait for a person: 40 of 50 are gone." in told
    assert "approve_deletions" in told


def test_a_form_that_did_not_land_for_long_is_stale_and_one_alert_only(
    stage: Stage,
) -> None:
    stage.landed("exit", hours_ago=36)
    stage.landed("journal", hours_ago=37)
    stage.landed("journal", "failed", "registry_wrong", "It is wrong.", hours_ago=2)
    assert stage.check().found == 1
    assert stage.open_causes() == ["form_failed/journal"]

    stage.check(LATER)
    assert stage.open_causes() == ["form_failed/journal", "form_stale/exit"]


def test_a_warehouse_in_which_nothing_was_landed_yet_is_not_wrong(
    stage: Stage,
) -> None:
    assert stage.check().found == 0


def test_a_count_that_differs_from_the_servers_is_told(stage: Stage) -> None:
    stage.landed("exit")
    stage.landed("journal", difference=3)
    stage.check()

    (told,) = stage.texts_to(ENGINEER)
    assert "the server counts 3 submissions more than were landed or rejected" in told


def test_a_failed_build_names_what_failed_and_nothing_of_its_rows(stage: Stage) -> None:
    stage.all_landed()
    stage.run(
        "insert into ops.builds (status_code, fingerprint, ended_at)"
        " values ('failed', '{}', :now)",
        now=NOW,
    )
    stage.built(keys_are_unique="fail", incomes_are_plausible="pass")
    stage.check()

    (told,) = stage.texts_to(ENGINEER)
    assert "dbt failed at keys_are_unique." in told
    assert "MX-0042" not in told


def test_a_test_that_warns_is_told_until_it_passes(stage: Stage) -> None:
    stage.all_landed()
    stage.built(incomes_are_plausible="warn")
    stage.check()
    (told,) = stage.texts_to(ENGINEER)
    assert "WARNING: The test incomes_are_plausible warns." in told
    assert "MX-0042" not in told

    stage.built(incomes_are_plausible="pass")
    assert stage.check(LATER).open == 0


def test_marts_that_were_not_built_for_long_are_told(stage: Stage) -> None:
    stage.all_landed()
    stage.run(
        "insert into ops.builds (status_code, fingerprint, ended_at)"
        " values ('succeeded', '{}', :ended)",
        ended=NOW - timedelta(hours=35, minutes=59),
    )
    assert stage.check().found == 0

    assert stage.check(LATER).found == 1
    assert stage.open_causes() == ["marts_stale/marts"]


def test_missing_journals_are_told_to_the_lead_of_the_site_alone(stage: Stage) -> None:
    stage.all_landed()
    stage.run(MARTS)
    for site, missing in (("MX-01", 2), ("PH-01", 1)):
        stage.run(ADD_MONTHS, site=site, status="missing", count=missing)
        stage.run(ADD_MONTHS, site=site, status="on_time", count=8)
        stage.run(ADD_MONTHS, site=site, status="paused", count=20)
    stage.check()

    (told,) = stage.texts_to(LEAD)
    assert "MX-01: 2 of 10 journals of 2026-02 are missing" in told
    assert "PH-01" not in told, "1 of 9 is below the limit of a fifth"
    assert stage.texts_to(ENGINEER) == []

    # When the month is long past, the alert is closed.
    assert stage.check(NOW + timedelta(days=58)).closed == 1


def test_the_lead_hears_of_issues_of_the_site_and_the_engineer_of_all_others(
    stage: Stage,
) -> None:
    stage.all_landed()
    stage.run(MARTS)
    for site in ("MX-01", "MX-01", "PH-01"):
        stage.run(ADD_ISSUE, rule="unit_error", site=site, owner="analyst")
    stage.run(ADD_ISSUE, rule="price_missing", site="MX-01", owner="engineer")
    stage.check()

    (to_lead,), (to_engineer,) = stage.texts_to(LEAD), stage.texts_to(ENGINEER)
    assert "MX-01: 2 open: Income in another unit.\n" in to_lead
    assert "What to do: Ask the family.\n" in to_lead
    assert "PH-01: 1 open" in to_engineer
    assert "MX-01: 1 open: Month without prices" in to_engineer
    assert "MX-01: 2 open" not in to_engineer


def test_who_was_not_reached_is_told_by_the_next_check_and_the_others_at_once(
    stage: Stage,
) -> None:
    stage.told(alerts(engineer={"email": [ENGINEER]}, team={"slack": "team"}))
    stage.landed("exit")
    stage.landed("journal", "failed", "registry_wrong", "It is wrong.")
    stage.mail.refusal = "451 later"
    with pytest.raises(
        DeliveryError, match=r"engineer: The mail server .* answered 451"
    ):
        stage.check()
    assert len(stage.web.taken) == 1

    stage.mail.refusal = ""
    stage.check(LATER)

    assert len(stage.texts_to(ENGINEER)) == 1
    assert len(stage.web.taken) == 1
    (row,) = stage.run(
        "select * from ops.alert_deliveries where receiver_name = 'engineer'"
    )
    assert (row.attempt_count, row.sent_at, row.failure) == (2, LATER, None)


@pytest.mark.parametrize("answer", ["550 no such box", "450 later"])
def test_a_dead_mailbox_repeats_nothing_to_the_others_and_is_told_by_itself(
    stage: Stage, answer: str
) -> None:
    stage.told(alerts(engineer={"email": [ENGINEER]}, all={"email": [LEAD, GONE]}))
    stage.landed("exit")
    stage.landed("journal", "failed", "registry_wrong", "It is wrong.")
    stage.mail.refused = {GONE: answer}
    stage.check()
    stage.check(LATER)

    refused = (
        f"Of the 2 addresses of all the mail server refused number 2 ({answer[:3]})"
    )
    for_each = ["\n".join(stage.texts_to(address)) for address in (ENGINEER, LEAD)]
    assert [text.count("ERROR: The form journal") for text in for_each] == [1, 1]
    assert [text.count(f"WARNING: {refused}.") for text in for_each] == [1, 1]
    mend = "Correct it" if answer.startswith("550") else "Forward the last message"
    assert mend in "\n".join(stage.texts_to(ENGINEER))
    rows = stage.run(
        "select attempt_count, sent_at is not null as is_sent, failure"
        " from ops.alert_deliveries where receiver_name = 'all' order by alert_id"
    )
    assert [tuple(row) for row in rows] == [(1, True, f"{refused}.")] * 2

    stage.mail.refused = {}
    stage.landed("journal", hours_ago=0)
    stage.check(LATER)
    assert stage.open_causes() == []

    stage.check(LATER)
    assert f"- {refused}" in "\n".join(stage.texts_to(ENGINEER))


def test_a_refused_address_of_a_receiver_that_is_no_more_is_nobodys_business(
    stage: Stage,
) -> None:
    stage.told(alerts(engineer={"email": [ENGINEER]}, all={"email": [LEAD, GONE]}))
    stage.landed("exit")
    stage.landed("journal", "failed", "registry_wrong", "It is wrong.")
    stage.mail.refused = {GONE: "550 no such box"}
    stage.check()
    stage.told(alerts(engineer={"email": [ENGINEER]}))
    stage.check(LATER)

    assert stage.open_causes() == ["form_failed/journal"]
    (row,) = stage.run(
        "select closed_by, close_reason from ops.alerts where closed_at is not null"
    )
    assert tuple(row) == (None, "the registry no longer has it")


def test_a_receiver_all_of_whose_addresses_are_refused_was_not_reached(
    stage: Stage,
) -> None:
    stage.landed("exit")
    stage.landed("journal", "failed", "registry_wrong", "It is wrong.")
    stage.mail.refused = {ENGINEER: "550 no such box"}
    with pytest.raises(DeliveryError, match=r"refused every address \(550\)"):
        stage.check()

    assert stage.open_causes() == ["form_failed/journal"]


def test_what_is_mended_before_anybody_heard_of_it_is_not_told(stage: Stage) -> None:
    stage.landed("exit")
    stage.landed("journal", "failed", "registry_wrong", "It is wrong.")
    stage.mail.refusal = "451 later"
    with pytest.raises(DeliveryError):
        stage.check()
    stage.mail.refusal = ""
    stage.landed("journal", hours_ago=0)
    stage.check(LATER)

    assert stage.mail.taken == []


def test_checks_at_the_same_time_tell_everybody_once(stage: Stage) -> None:
    stage.landed("exit")
    stage.landed("journal", "failed", "registry_wrong", "It is wrong.")
    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(lambda _: stage.check(), range(4)))

    assert len(stage.texts_to(ENGINEER)) == 1
    assert stage.open_causes() == ["form_failed/journal"]


def test_a_secret_address_is_in_no_message_and_in_no_error(stage: Stage) -> None:
    stage.told(alerts(team={"slack": "team"}))
    stage.landed("exit")
    stage.landed("journal", "failed", "registry_wrong", "It is wrong.")
    stage.web.status = 404
    with pytest.raises(DeliveryError) as caught:
        stage.check()

    (row,) = stage.run("select failure from ops.alert_deliveries")
    assert "answered 404" in str(caught.value)
    assert SECRET not in f"{caught.value} {row.failure}"
    assert stage.web.url not in f"{caught.value} {row.failure}"
