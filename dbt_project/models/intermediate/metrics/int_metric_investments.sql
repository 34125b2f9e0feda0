with

investments as (

    select * from {{ ref('int_investments_consented') }}
    where is_paid and paid_date is not null

),

windows as (

    select * from {{ ref('int_metric_windows') }}
    where window_code = 'launch_to_end'

),

family_months as (

    select * from {{ ref('int_metric_family_months') }}

)

-- A release ends with its window; what is live goes on. The income is that of the month
-- before the money came.
select
    investments.release_code,
    investments.investment_code,
    investments.family_key,
    investments.country_code,
    investments.site_code,
    investments.cohort_code,
    investments.peer_group_code,
    investments.currency_code,
    investments.main_use_code,
    investments.paid_local,
    investments.own_contribution_local,
    family_months.income_local as income_before_local,
    investments.request_to_payment_days,
    investments.is_peer_tested,
    date_trunc('month', investments.paid_date)::date as paid_month
from investments
inner join windows
    on
        investments.release_code = windows.release_code
        and investments.cohort_code = windows.cohort_code
        and (
            windows.release_code = 'live'
            or date_trunc('month', investments.paid_date) <= windows.end_month
        )
left join family_months
    on
        investments.release_code = family_months.release_code
        and investments.family_key = family_months.family_key
        and date_trunc('month', investments.paid_date)
        = family_months.journal_month + interval '1 month'
