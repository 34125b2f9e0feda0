"""Family months as the pilot was drawn with, and as a warehouse has them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sandbox.pilot.model import Pilot

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
# The truth of a release ends with its window; August's first journals came in time.
LAST_MONTHS = {"2021-07": "2021-07-01", "live": "2022-03-01"}

Months = Mapping[tuple[str, str], tuple[Any, ...]]


def true_months(pilot: Pilot, release: str) -> Months:
    """Return what is true of each family and month that a release knows of."""
    releases = {"2021-07"} if release == "2021-07" else {"2021-07", "live"}
    erased = {
        row["family_code"]
        for row in pilot.truth.tables["families"]
        if row["data_wish_code"] == "erase"
    }
    return {
        (row["family_code"], row["journal_month"]): _true_row(row)
        for row in pilot.truth.tables["family_months"]
        if row["release_code"] in releases
        and row["journal_month"] <= LAST_MONTHS[release]
        and (release == "2021-07" or row["family_code"] not in erased)
    }


def _true_row(row: Mapping[str, str]) -> tuple[Any, ...]:
    """Return what the truth says of a month; an empty text is an unknown number."""
    numbers = (Decimal(row[name]) if row[name] else None for name in NUMBERS)
    texts = (row[name] for name in TEXTS)
    return (*texts, row["is_in_lending_circle"] == "yes", *numbers)


def months_query(release: str) -> str:
    """Return the SQL that reads the same of a warehouse, for `known_months`."""
    return f"""
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
            and journal_month <= '{LAST_MONTHS[release]}'
    """  # noqa: S608 - our own names


def known_months(rows: Iterable[tuple[Any, ...]]) -> Months:
    return {(code, month): tuple(values) for code, month, *values in rows}
