with

windows as (

    select * from {{ ref('int_metric_windows') }}

),

baselines as (

    select * from {{ ref('int_family_baselines_consented') }}

),

family_months as (

    select * from {{ ref('int_family_months_consented') }}

)

-- The start of the first window is what the family told at enrolment, in prices of the
-- month it told about; every other end is a journal. Late joiners and split-off
-- households tell of a month after the launch: that is no start of this window.
select
    windows.release_code,
    windows.window_code,
    'start' as end_code,
    baselines.family_key,
    baselines.country_code,
    baselines.site_code,
    baselines.cohort_code,
    baselines.peer_group_code,
    baselines.currency_code,
    baselines.income_local,
    baselines.income_programme_local,
    baselines.savings_balance_local,
    baselines.is_in_lending_circle,
    baselines.circle_contributed_local,
    baselines.satisfaction_score,
    baselines.control_score,
    baselines.household_member_count,
    baselines.adult_equivalent_count,
    baselines.debt_balance_local,
    windows.start_month,
    windows.end_month,
    windows.start_month as measured_month,
    baselines.baseline_month as price_month
from windows
inner join baselines
    on
        windows.release_code = baselines.release_code
        and windows.cohort_code = baselines.cohort_code
where
    windows.window_code = 'recruitment_to_launch'
    and baselines.baseline_month < windows.end_month
union all
select
    windows.release_code,
    windows.window_code,
    case
        when family_months.journal_month = windows.end_month then 'end'
        else 'start'
    end as end_code,
    family_months.family_key,
    family_months.country_code,
    family_months.site_code,
    family_months.cohort_code,
    family_months.peer_group_code,
    family_months.currency_code,
    family_months.income_local,
    family_months.income_programme_local,
    family_months.savings_balance_local,
    family_months.is_in_lending_circle,
    family_months.circle_contributed_local,
    family_months.satisfaction_score,
    family_months.control_score,
    family_months.household_member_count,
    family_months.adult_equivalent_count,
    family_months.debt_balance_local,
    windows.start_month,
    windows.end_month,
    family_months.journal_month as measured_month,
    family_months.journal_month as price_month
from windows
inner join family_months
    on
        windows.release_code = family_months.release_code
        and windows.cohort_code = family_months.cohort_code
where
    family_months.journal_month = windows.end_month
    or (
        family_months.journal_month = windows.start_month
        and windows.window_code = 'launch_to_end'
    )
