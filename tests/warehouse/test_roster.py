"""How each family kept its journal: counted anew from the truth and the statuses."""

from itertools import groupby
from statistics import mean

import pytest

from sandbox.pilot.model import Pilot
from tests.warehouse.conftest import Warehouse

LAUNCH, LAST_MONTH = "2020-07-01", "2022-03-01"
FIRST_WAVE = ("MX-2020", "CO-2020", "PH-2020")


@pytest.fixture(scope="module")
def true_months(pilot: Pilot) -> dict[str, dict[str, str]]:
    """Every month a family told of, with its income, by family."""
    found: dict[str, dict[str, str]] = {}
    for row in pilot.truth.tables["family_months"]:
        if row["journal_month"] <= LAST_MONTH:
            months = found.setdefault(row["family_code"], {})
            months[row["journal_month"]] = row["income_local"]
    return found


def test_first_last_and_launch_are_the_true_ones(
    built_pilot: Warehouse, true_months: dict[str, dict[str, str]]
) -> None:
    rows = built_pilot.rows(
        """
        select
            family_code, launch_month::text, accepted_month_count,
            first_journal_month::text, last_journal_month::text, launch_income_local
        from marts.dim_families as families
        inner join marts.dim_cohorts as cohorts using (cohort_code)
        inner join pii.family_keys using (family_key)
        """
    )
    wrong = {}
    for code, launch, count, first, last, income in rows:
        months = true_months.get(code, {})
        started = months.get(launch, "")
        truth = (
            len(months),
            min(months, default=None),
            max(months, default=None),
            float(started) if started else None,
        )
        found = (count, first, last, None if income is None else float(income))
        if found != truth:
            wrong[code] = (found, truth)

    assert len(rows) > 300
    assert wrong == {}


def test_streaks_are_those_counted_by_hand(built_pilot: Warehouse) -> None:
    rows = built_pilot.rows(
        """
        select family_key, journal_status_code, accepted_streak_count
        from marts.fct_family_months
        order by family_key, journal_month
        """
    )
    longest = dict(
        built_pilot.rows(
            "select family_key, longest_streak_count from marts.dim_families"
        )
    )
    wrong = []
    for family, months in groupby(rows, key=lambda row: row[0]):
        streak = best = 0
        for _, status, found in months:
            if status in {"on_time", "late"}:
                streak += 1
            elif status in {"missing", "rejected"}:
                streak = 0
            best = max(best, streak)
            if found != streak:
                wrong.append((family, status, found, streak))
        if longest[family] != best:
            wrong.append((family, "longest", longest[family], best))

    assert len({row[2] for row in rows}) > 10, "no streaks"
    assert wrong == []


def test_who_left_had_started_from_less(
    built_pilot: Warehouse, pilot: Pilot, true_months: dict[str, dict[str, str]]
) -> None:
    """Convention C12: leavers' start values stand beside the stayers'."""
    left = {
        row["family_code"]
        for row in pilot.truth.tables["families"]
        if row["end_kind_code"] in {"exit", "merge"}
        and row["data_wish_code"] != "erase"
    }
    rows = built_pilot.rows(
        f"""
        select
            array_agg(family_code), status_code in ('exited', 'merged'),
            avg(launch_income_local)::float8
        from marts.dim_families
        inner join pii.family_keys using (family_key)
        where cohort_code in {FIRST_WAVE} and launch_income_local is not null
        group by cohort_code, 2
        order by cohort_code, 2
        """  # noqa: S608 - our own names
    )

    assert len(rows) == 2 * len(FIRST_WAVE)
    for codes, has_left, start in rows:
        assert {code in left for code in codes} == {has_left}
        incomes = [float(true_months[code][LAUNCH]) for code in codes]
        assert start == pytest.approx(mean(incomes))


def test_families_that_came_back_are_told_apart(
    built_pilot: Warehouse, pilot: Pilot, true_months: dict[str, dict[str, str]]
) -> None:
    came_back = {
        row["family_code"]
        for row in pilot.truth.tables["families"]
        if row["end_date"]
        and row["data_wish_code"] != "erase"
        and max(true_months[row["family_code"]], default="") > row["end_date"]
    }
    found = built_pilot.rows(
        """
        select family_code from marts.dim_families
        inner join pii.family_keys using (family_key)
        where has_returned
        """
    )

    assert came_back
    assert {code for (code,) in found} == came_back
