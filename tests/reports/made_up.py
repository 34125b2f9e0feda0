"""Groups and months that are made up, for pages of them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from reports.groups import Group, GroupMonth, Strategy

MONTH, BEFORE, YEAR_BEFORE = date(2021, 8, 1), date(2021, 7, 1), date(2020, 8, 1)
TOLD = GroupMonth(
    journal_month=MONTH,
    expected_family_count=5,
    reported_family_count=5,
    is_agreed_by_all=True,
    least_group_count=3,
    savings_family_count=5,
    savings_total_local=Decimal(8200),
    given_family_count=4,
    given_total_local=Decimal(450),
    received_family_count=3,
    received_total_local=Decimal(300),
    goal_family_count=5,
    goal_set_count=10,
    achieving_family_count=4,
    goal_achieved_count=6,
    meeting_count=1,
    last_meeting_family_count=4,
    group_savings_local=Decimal(1500),
)
GROUP = Group(
    code="MX-PG01",
    site_name="Loma Clara",
    currency_code="MXN",
    language_codes=("es",),
    family_count=5,
    is_agreed_by_all=True,
    shown_month=MONTH,
    months={
        MONTH: TOLD,
        BEFORE: replace(
            TOLD,
            journal_month=BEFORE,
            savings_total_local=Decimal(4100),
            group_savings_local=Decimal(1250),
        ),
    },
    strategies=(Strategy({"en": "Pay down debt", "fil": "Magbayad ng utang"}, 3),),
)


def with_month(group: Group = GROUP, /, **changed: object) -> Group:
    """Return the group with another month of the page."""
    month = replace(TOLD, **changed)  # type: ignore[arg-type]  # any field of a month
    return replace(group, months={**group.months, MONTH: month})
