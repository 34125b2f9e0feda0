"""Every measure of a month is what the family answered, read anew from its record.

The records come from the pilot, not from the warehouse, and are read by rules written
from the form. Income and satisfaction, whose questions were renamed, are compared with
the truth in `test_truth.py`.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from sandbox.pilot.model import Pilot, Record
from tests.warehouse.conftest import Warehouse

Measure = Callable[[Record], Any]


def number(path: str) -> Measure:
    return lambda record: Decimal(record[path]) if path in record else None


def sum_of(*paths: str) -> Measure:
    return lambda record: sum(Decimal(record[path]) for path in paths)


def number_if(path: str, gate: str, open_answer: str) -> Measure:
    """Return what is asked only after one answer to `gate`; 0 after any other."""
    return lambda record: (
        Decimal(record[path]) if open_answer in record[gate].split() else 0
    )


def names(path: str, answer: str) -> Measure:
    return lambda record: answer in record[path].split()


def is_yes(path: str) -> Measure:
    return lambda record: record[path] == "yes" if path in record else None


def code(path: str) -> Measure:
    return lambda record: record.get(path)


def codes(path: str) -> Measure:
    return lambda record: record[path].split()


def children(path: str) -> Measure:
    """Return what is not asked of a household without children of school age."""

    def counted(record: Record) -> int | None:
        if "j/edu/e_age" not in record:
            return None
        return int(record.get(path, "0"))

    return counted


def adult_equivalents(record: Record) -> Decimal:
    """Everybody as one person in ten steps: 10 for the first, 5 or 3 for the others."""
    members, young = int(record["j/hh/hh_n"]), int(record["j/hh/hh_u14"])
    people = [5] * (members - young) + [3] * young
    return Decimal(10 + sum(people[1:])) / 10


def has_negative_coping(record: Record) -> bool:
    coping = record.get("j/shock/sh_cope", "").split()
    owes_lender = "money" in record.get("j/savings/debt_lender", "").split()
    return bool({"sell", "school_out", "cut"}.intersection(coping)) or (
        "borrow" in coping and owes_lender
    )


def shock_loss(record: Record) -> Decimal:
    return Decimal(record.get("j/shock/sh_loss", "0"))


def knows_of_circle(record: Record) -> bool | None:
    return {"yes": True, "no": False}.get(record.get("j/circle/lc_cii", "dk"))


def has_decided(record: Record) -> bool | None:
    return "j/back/b_decision" in record if record["j/back/b_got"] == "yes" else None


def takes_part(record: Record) -> bool:
    return str(record["j/comm/co_act"]) != "none"


MEASURES: dict[str, Measure] = {
    "saved_local": number("j/savings/sav_in"),
    "savings_withdrawn_local": number("j/savings/sav_out"),
    "debt_balance_local": number("j/savings/debt_balance"),
    "debt_new_local": number("j/savings/debt_new"),
    "debt_paid_local": number("j/savings/debt_paid"),
    "circle_type_code": code("j/circle/lc_type"),
    "circle_count": number_if("j/circle/lc_n", "j/circle/lc_in", "yes"),
    "circle_payout_local": number_if("j/circle/lc_payout", "j/circle/lc_in", "yes"),
    "has_programme_families_in_circle": knows_of_circle,
    "given_cash_local": number("j/sharing/give_cash"),
    "given_kind_local": number("j/sharing/give_kind"),
    "given_hours": number("j/sharing/give_hours"),
    "received_local": sum_of("j/sharing/get_cash", "j/sharing/get_kind"),
    "received_cash_local": number("j/sharing/get_cash"),
    "received_kind_local": number("j/sharing/get_kind"),
    "bought_from_families_local": number("j/sharing/cii_buy"),
    "sold_to_families_local": number("j/sharing/cii_sell"),
    "ladder_now_score": number("j/wellbeing/ladder_now"),
    "ladder_future_score": number("j/wellbeing/ladder_5y"),
    "household_under_14_count": number("j/hh/hh_u14"),
    "adult_equivalent_count": adult_equivalents,
    "household_change_codes": codes("j/hh/hh_change"),
    "working_adult_count": number("j/work/w_adults"),
    "work_change_codes": codes("j/work/w_change"),
    "has_new_business": names("j/work/w_change", "newbiz"),
    "has_lost_job": names("j/work/w_change", "lostjob"),
    "school_age_child_count": number("j/edu/e_age"),
    "attending_child_count": children("j/edu/e_att"),
    "absent_child_count": children("j/edu/e_miss"),
    "device_child_count": children("j/edu/e_dev"),
    "school_spend_local": number("j/edu/e_fees"),
    "learning_change_code": code("j/edu/e_prog"),
    "ill_member_count": number("j/health/hl_ill"),
    "has_forgone_care": is_yes("j/health/hl_forgone"),
    "health_spend_local": number("j/health/hl_spend"),
    # The form adds up the same index by itself.
    "reduced_coping_score": number("j/food/rcsi_score"),
    "home_change_codes": codes("j/home/ho_change"),
    "has_improved_home": names("j/home/ho_change", "improve"),
    "has_damaged_home": names("j/home/ho_change", "damage"),
    "home_spend_local": number_if("j/home/ho_spend", "j/home/ho_change", "improve"),
    "without_water_days": number("j/home/ho_water"),
    "has_shock": lambda record: record["j/shock/sh_type"] != "none",
    "shock_severity_score": number("j/shock/sh_sev"),
    "shock_loss_local": shock_loss,
    "has_negative_coping": has_negative_coping,
    "recovery_code": code("j/shock/sh_recov"),
    "community_activity_codes": codes("j/comm/co_act"),
    "has_community_activity": takes_part,
    "has_led_community_activity": lambda record: (
        takes_part(record) and record["j/comm/co_lead"] == "yes"
    ),
    "told_story_scope_code": code("j/story/st_scope"),
    "has_received_report": is_yes("j/back/b_got"),
    "report_usefulness_score": number("j/back/b_useful"),
    "has_decided_from_report": has_decided,
    "mode_code": code("mode"),
    "has_liaison_visit": names("mode", "visit"),
}

# Tables with one row per answer of a list, with the column of the answer.
LISTS = {
    "fct_savings": ("saving_place_code", "j/savings/sav_place"),
    "fct_saving_purposes": ("saving_purpose_code", "j/savings/sav_purpose"),
    "fct_loans": ("lender_code", "j/savings/debt_lender"),
}


@pytest.fixture(scope="module")
def records(pilot: Pilot) -> dict[str, Record]:
    """Every journal as it last stood, by the server's id."""
    events = pilot.form("journal").events
    return {str(event.submission_id): event.record for event in events if event.record}


@pytest.fixture(scope="module")
def months(built_pilot: Warehouse) -> list[tuple[str, dict[str, Any]]]:
    """Every month with an accepted journal, with the id of that journal."""
    columns = ", ".join(f"months.{name}" for name in MEASURES)
    rows = built_pilot.rows(
        f"""
        select journals.submission_id, {columns}
        from marts.fct_family_months as months
        inner join intermediate.int_journals_latest as journals
            using (family_key, journal_month)
        where journals.release_code = 'live'
        """  # noqa: S608 - our own names
    )
    return [
        (number, dict(zip(MEASURES, values, strict=True))) for number, *values in rows
    ]


@pytest.mark.parametrize("name", MEASURES)
def test_the_measure_is_what_the_family_answered(
    months: list[tuple[str, dict[str, Any]]], records: dict[str, Record], name: str
) -> None:
    answered = {number: MEASURES[name](records[number]) for number, _ in months}
    wrong = {
        number: (values[name], answered[number])
        for number, values in months
        if values[name] != answered[number]
    }

    assert len(months) > 6000
    assert len({str(answer) for answer in answered.values()}) > 1, "nothing varies"
    assert wrong == {}


@pytest.mark.parametrize("table", LISTS)
def test_every_answer_of_a_list_has_one_row(
    built_pilot: Warehouse,
    months: list[tuple[str, dict[str, Any]]],
    records: dict[str, Record],
    table: str,
) -> None:
    column, path = LISTS[table]
    rows = built_pilot.rows(
        f"""
        select journals.submission_id, rows.{column}
        from marts.{table} as rows
        inner join intermediate.int_journals_latest as journals
            using (family_key, journal_month)
        where journals.release_code = 'live'
        """  # noqa: S608 - our own names
    )
    answered = sorted(
        (number, answer)
        for number, _ in months
        for answer in records[number].get(path, "").split()
    )

    assert len(answered) > 5000
    assert sorted(rows) == answered


def test_a_balance_is_a_places_own_only_where_it_is_alone(
    built_pilot: Warehouse,
) -> None:
    rows = built_pilot.rows(
        """
        select
            count(*),
            count(*) filter (
                where sole_place_balance_local = months.savings_balance_local
            )
        from marts.fct_savings as savings
        inner join marts.fct_family_months as months using (family_key, journal_month)
        where savings.saving_place_count = 1
        """
    )

    assert rows[0][0] == rows[0][1] > 1000
