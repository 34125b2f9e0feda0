with

family_months as (

    select * from {{ ref('int_family_months') }}
    where release_code = 'live' and submitted_at is not null

),

journals_latest as (

    select * from {{ ref('int_journals_latest') }}
    where release_code = 'live'

),

journals_known as (

    select * from {{ ref('int_journals_known') }}
    where release_code = 'live'

),

journals as (

    select
        journals_known.root_id,
        journals_known.known_at,
        journals_latest.first_received_date,
        family_months.family_key,
        family_months.journal_month,
        family_months.country_code,
        family_months.site_code,
        family_months.cohort_code,
        family_months.currency_code,
        family_months.income_local,
        family_months.income_reported_local,
        family_months.income_programme_local,
        family_months.savings_balance_local,
        family_months.saved_local,
        family_months.savings_withdrawn_local,
        family_months.debt_new_local,
        family_months.debt_paid_local,
        family_months.circle_contributed_local,
        family_months.circle_payout_local,
        family_months.given_cash_local,
        family_months.received_cash_local,
        family_months.bought_from_families_local,
        family_months.household_member_count,
        family_months.is_income_confirmed,
        family_months.income_change_reason_code,
        family_months.school_age_child_count,
        family_months.attending_child_count,
        family_months.absent_child_count,
        family_months.device_child_count,
        family_months.school_spend_local,
        family_months.health_spend_local,
        family_months.home_spend_local,
        family_months.correction_count
    from family_months
    inner join journals_latest
        on
            family_months.family_key = journals_latest.family_key
            and family_months.journal_month = journals_latest.journal_month
    inner join journals_known
        on
            journals_latest.form_id = journals_known.form_id
            and journals_latest.submission_id = journals_known.submission_id

)

-- The month before stands beside each month; null where it has no journal, as two
-- months apart cannot be compared with what was put in or taken out in one.
select
    root_id,
    family_key,
    journal_month,
    country_code,
    site_code,
    cohort_code,
    currency_code,
    income_local,
    income_reported_local,
    income_programme_local,
    savings_balance_local,
    saved_local,
    savings_withdrawn_local,
    debt_new_local,
    debt_paid_local,
    circle_contributed_local,
    circle_payout_local,
    given_cash_local,
    received_cash_local,
    bought_from_families_local,
    household_member_count,
    is_income_confirmed,
    income_change_reason_code,
    school_age_child_count,
    attending_child_count,
    absent_child_count,
    device_child_count,
    school_spend_local,
    health_spend_local,
    home_spend_local,
    correction_count,
    known_at,
    first_received_date,
    {% for measure in [
        'income_local', 'savings_balance_local', 'household_member_count'
    ] -%}
    case
        when lag(journal_month) over by_month = journal_month - interval '1 month'
            then lag({{ measure }}) over by_month
    end as previous_{{ measure }}{{ ',' if not loop.last }}
{% endfor %}
from journals
window by_month as (partition by family_key order by journal_month)
