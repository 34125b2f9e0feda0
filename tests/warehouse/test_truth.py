"""Every family month of the warehouse is the one the pilot was drawn with."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from sandbox.pilot.model import Pilot
from tests.warehouse.conftest import Warehouse

TEXTS = ("country_code", "site_code", "peer_group_code", "currency_code")
NUMBERS = (
    "income_local",
    "income_programme_local",
    "savings_balance_local",
    "circle_contributed_local",
    "given_local",
    "satisfaction_score",
    "satisfaction_five_point_score",
    "control_score",
    "household_member_count",
)


def true_row(row: Mapping[str, str]) -> tuple[Any, ...]:
    """Return what the truth says of a month; an empty text is an unknown number."""
    numbers = (Decimal(row[name]) if row[name] else None for name in NUMBERS)
    texts = (row[name] for name in TEXTS)
    return (*texts, row["is_in_lending_circle"] == "yes", *numbers)


@pytest.mark.parametrize("release", ["2021-07", "live"])
def test_every_family_month_is_the_true_one(
    built_pilot: Warehouse, pilot: Pilot, release: str
) -> None:
    """Repeats in any order or empty, odd clocks, long texts: nothing may move it."""
    releases = {"2021-07"} if release == "2021-07" else {"2021-07", "live"}
    erased = {
        row["family_code"]
        for row in pilot.truth.tables["families"]
        if row["data_wish_code"] == "erase"
    }
    # The truth of a release ends with its window; August's first journals came in time.
    last_month = "2021-07-01" if release == "2021-07" else "2022-03-01"
    true_months = {
        (row["family_code"], row["journal_month"]): true_row(row)
        for row in pilot.truth.tables["family_months"]
        if row["release_code"] in releases
        and row["journal_month"] <= last_month
        and (release == "2021-07" or row["family_code"] not in erased)
    }
    query = f"""
        select
            family_keys.family_code,
            family_months.journal_month::text,
            {", ".join(TEXTS)},
            is_in_lending_circle,
            {", ".join(NUMBERS)}
        from intermediate.int_family_months as family_months
        inner join pii.family_keys using (family_key)
        where
            release_code = '{release}'
            and submitted_at is not null
            and journal_month <= '{last_month}'
    """  # noqa: S608 - our own names
    rows = built_pilot.rows(query)
    found = {(code, month): tuple(values) for code, month, *values in rows}

    assert len(true_months) > 3000
    assert set(found) == set(true_months)
    wrong = {key: found[key] for key in found if found[key] != true_months[key]}
    assert wrong == {}
