"""Enrolments, meetings, investments and the two registers."""

import re
from collections import Counter

import pytest

from sandbox.pilot import Pilot
from sandbox.pilot.canaries import CANARIES
from sandbox.pilot.model import Record


def records(pilot: Pilot, role: str) -> list[Record]:
    return [event.record for event in pilot.form(role).events if event.record]


def test_every_family_is_enrolled_once(pilot: Pilot) -> None:
    codes = [record["family_code"] for record in records(pilot, "enrolment")]
    assert len(codes) == len(set(codes)) == 366
    assert set(codes) == {row["family_code"] for row in pilot.truth.tables["families"]}


def test_baseline_incomes_are_the_true_ones_and_unknown_ones_stay_unknown(
    pilot: Pilot,
) -> None:
    families = {row["family_code"]: row for row in pilot.truth.tables["families"]}
    for record in records(pilot, "enrolment"):
        family = families[record["family_code"]]
        if family["standing_code"] == "without_baseline":
            assert record["body/income/inc_any"] == "dk"
        elif family["baseline_income_local"]:
            total = record["body/income/inc_total"]
            assert total == family["baseline_income_local"]


def test_the_roster_counts_as_many_people_as_the_household(pilot: Pilot) -> None:
    families = {row["family_code"]: row for row in pilot.truth.tables["families"]}
    for record in records(pilot, "enrolment"):
        roster = record["body/roster"]
        family = families[record["family_code"]]
        assert str(len(roster)) == record["body/hh_size"] == family["member_count"]
        assert roster[0]["body/roster/m_rel"] == "self"


def test_families_are_enrolled_in_the_months_of_their_wave(pilot: Pilot) -> None:
    late = {"late_joiner", "split_off"}
    first = {
        row["family_code"]
        for row in pilot.truth.tables["families"]
        if row["standing_code"] not in late
    }
    months: dict[str, set[str]] = {}
    for record in records(pilot, "enrolment"):
        if record["family_code"] in first:
            enrolled = record["enrol_date"][:7]
            months.setdefault(record["country"], set()).add(enrolled)
    pilots = {country: {"2020-02", "2020-03"} for country in ("mx", "co", "ph")}
    later = {"lr": {"2020-05", "2020-06"}, "us": {"2020-11", "2020-12"}}
    assert months == pilots | later


def test_late_joiners_belong_to_a_group_of_their_own_site(pilot: Pilot) -> None:
    groups_per_site = {"mx": 10, "co": 10, "ph": 10, "lr": 4, "us": 3}
    for record in records(pilot, "enrolment"):
        number = int(record["group_code"][-2:])
        site = "01" if number <= groups_per_site[record["country"]] else "02"
        assert record["site_code"] == f"{record['family_code'][:2]}-{site}"


def test_contacts_are_obviously_invented(pilot: Pilot) -> None:
    planted = {canary.planted for canary in CANARIES}  # invented one by one
    for record in records(pilot, "enrolment"):
        phone, place = record["body/pii/pii_phone"], record["body/pii/pii_address"]
        assert phone in planted or phone.startswith("+00 000 000")
        assert place in planted or "Imaginaria" in place


def test_every_group_meets_once_in_every_month_of_its_pilot(pilot: Pilot) -> None:
    held = Counter(
        (record["group_code"], record["ref_month"])
        for record in records(pilot, "peer_meeting")
    )
    assert len(held) == 60 * 21 + 8 * 13 + 3 * 13
    assert set(held.values()) == {1}


def test_only_active_families_of_the_group_attend(pilot: Pilot) -> None:
    ends = {
        row["family_code"]: row["end_date"]
        for row in pilot.truth.tables["families"]
        if row["end_kind_code"] in {"exit", "merge"}
    }
    for record in records(pilot, "peer_meeting"):
        present = record["attend"].split()
        assert record["n_attend"] == str(len(present))
        for code in present:
            assert ends.get(code, "9999") >= record["ref_month"]
            assert code[:2] == record["group_code"][:2]


def test_peer_group_seventeen_saves_from_its_first_payment_on(pilot: Pilot) -> None:
    meetings = sorted(
        (record["ref_month"], int(record["gs_contrib"]), int(record["gs_balance"]))
        for record in records(pilot, "peer_meeting")
        if record["group_code"] == "PH-PG17"
    )
    assert meetings[0] == ("2020-07-01", 0, 0)
    assert all(contributed > 0 for _, contributed, _ in meetings[1:])
    balance = 0
    for _, contributed, stated in meetings:
        balance += contributed
        assert stated == balance


@pytest.mark.parametrize(
    ("country", "with_child", "paid"),
    [("mx", 24, 96), ("co", 12, 96), ("ph", 23, 92)],
)
def test_investments_say_what_was_published_if_the_follow_up_counts_first(
    pilot: Pilot, country: str, with_child: int, paid: int
) -> None:
    steps: dict[str, dict[str, Record]] = {}
    for record in records(pilot, "investment"):
        if record["country"] == country:
            steps.setdefault(record["inv_code"], {})[record["stage"]] = record
    paid_cases = [
        case
        for case in steps.values()
        if case.get("decision", {}).get("dec/dec_result") == "paid"
    ]
    assert len({case["request"]["family_code"] for case in paid_cases}) == paid

    def supported(case: dict[str, Record]) -> bool:
        if "followup" in case:
            return bool(case["followup"]["fu/fu_child"] == "yes")
        return bool(case["request"]["req/req_child"] == "yes")

    assert sum(supported(case) for case in paid_cases) == with_child
    flags = [
        (case["request"]["req/req_child"], case["followup"]["fu/fu_child"])
        for case in paid_cases
        if "followup" in case
    ]
    assert flags.count(("no", "yes")) == flags.count(("yes", "no")) == 2


def test_children_got_devices_early_and_fees_later(pilot: Pilot) -> None:
    months: dict[str, set[str]] = {"device": set(), "fees": set()}
    for row in pilot.truth.tables["investments"]:
        if row["paid_date"] and row["is_for_child"] == "yes":
            months[row["main_use_code"]].add(row["paid_date"][:7])
    assert months["device"] <= {"2020-09", "2020-10", "2020-11"}
    assert months["fees"] <= {"2021-02", "2021-03", "2021-05"}


def test_some_requests_were_never_paid(pilot: Pilot) -> None:
    results = Counter(row["decision_code"] for row in pilot.truth.tables["investments"])
    assert results["declined"] == 12
    assert results["pending"] == 9
    assert results[""] == 6


def test_investment_codes_are_written_as_the_form_demands(pilot: Pilot) -> None:
    for record in records(pilot, "investment"):
        assert re.fullmatch(r"INV-(MX|CO|PH)-[0-9]{5}", record["inv_code"])


def test_every_follow_up_of_a_paid_investment_is_known_by_the_release(
    pilot: Pilot,
) -> None:
    received = [
        record["_submission_time"]
        for record in records(pilot, "investment")
        if record["stage"] == "followup"
    ]
    assert max(received) < "2021-09-30"


def test_one_payment_is_due_for_every_accepted_journal(pilot: Pilot) -> None:
    due = {(row["family_code"], row["journal_month"]) for row in pilot.journal_payments}
    accepted = {
        (row["family_code"], row["journal_month"])
        for row in pilot.truth.tables["family_months"]
    }
    assert due == accepted
    assert len(due) == len(pilot.journal_payments)
    statuses = Counter(row["status_code"] for row in pilot.journal_payments)
    assert set(statuses) == {"paid", "late", "void", "due"}


def test_thirty_four_corrections_were_approved_before_the_release(pilot: Pilot) -> None:
    approved = [r for r in pilot.corrections if r["status_code"] == "approved"]
    assert len(approved) == 34
    assert max(row["approved_at"] for row in approved) < "2021-09-30"
    assert Counter(row["reason_code"] for row in approved) == {
        "unit": 17,
        "currency": 4,
        "month": 13,
    }


def test_corrections_point_at_journals_and_name_the_typed_value(pilot: Pilot) -> None:
    journals = {
        record["meta/rootUuid"].removeprefix("uuid:"): record
        for record in records(pilot, "journal")
    }
    for row in pilot.corrections:
        record = journals[row["root_id"]]
        if row["field_name"] == "reported_month":
            assert record["ref_month"] == row["old_value"]
