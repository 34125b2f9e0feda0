"""The pilot's families as a ledger, from tables that nobody outside can read."""

from datetime import date

from tests.warehouse.conftest import Warehouse
from tests.warehouse.small_cells.ledger import Answer, Ledger

ANSWERS = """
select
    months.release_code, answers.measure, months.journal_month, months.family_key,
    months.site_code, months.cohort_code, months.country_code, answers.value::float
from intermediate.int_family_months_consented as months
cross join lateral (
    values
    ('income', income_local),
    ('income_per_head', income_local / nullif(household_member_count, 0)),
    ('income_per_adult', income_local / adult_equivalent_count),
    ('savings', savings_balance_local),
    ('debt', debt_balance_local),
    ('circle_money', circle_contributed_local),
    ('satisfaction', satisfaction_score),
    ('control', control_score),
    ('saver', (savings_balance_local > 0)::integer),
    ('member', is_in_lending_circle::integer),
    ('payout', circle_payout_local),
    ('coping', reduced_coping_score),
    ('leader', has_led_community_activity::integer),
    ('starter', has_new_business::integer),
    (
        'pupils',
        case when school_age_child_count is not null then attending_child_count end
    ),
    ('thriving', (ladder_now_score >= 7 and ladder_future_score >= 8)::integer),
    ('suffering', (ladder_now_score <= 4 and ladder_future_score <= 4)::integer)
) as answers (measure, value)
where answers.value is not null and (answers.measure <> 'payout' or answers.value > 0)
"""
WINDOWS = """
select windows.release_code, places.place_code, windows.start_month, windows.end_month
from intermediate.int_metric_windows as windows
inner join marts.dim_cohorts as cohorts using (cohort_code)
cross join lateral (
    select cohorts.cohort_code
    union all
    select sites.site_code from marts.dim_sites as sites
    where sites.site_code = any(cohorts.site_codes)
    union all
    select sites.country_code from marts.dim_sites as sites
    where sites.site_code = any(cohorts.site_codes)
    union all
    select 'all' where cohorts.cohort_code = 'MX-2020'
) as places (place_code)
where windows.window_code = 'launch_to_end'
"""


def read_ledger(warehouse: Warehouse) -> Ledger:
    """Return what the pilot's families answered."""
    return Ledger(Answer(*row) for row in warehouse.rows(ANSWERS))


def read_windows(warehouse: Warehouse) -> dict[tuple[str, str], tuple[date, date]]:
    """Return first and last month by release and place."""
    return {
        (release, place): (start, end)
        for release, place, start, end in warehouse.rows(WINDOWS)
    }
