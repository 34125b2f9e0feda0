with

windows as (

    select * from {{ ref('int_metric_windows') }}
    where window_code = 'launch_to_end'

),

family_months as (

    select * from {{ ref('int_family_months_consented') }}
    where income_local is not null and given_local is not null

)

select
    windows.release_code,
    'all_reporters' as panel_code,
    'nominal' as price_code,
    'kept' as outlier_code,
    'household' as denominator_code,
    family_months.currency_code as unit_code,
    family_months.family_key,
    family_months.country_code,
    family_months.site_code,
    family_months.cohort_code,
    family_months.peer_group_code,
    family_months.given_local as measured,
    family_months.income_local as weight,
    windows.start_month,
    windows.end_month,
    family_months.journal_month as measured_month
from windows
inner join family_months
    on
        windows.release_code = family_months.release_code
        and windows.cohort_code = family_months.cohort_code
        and family_months.journal_month
        between windows.start_month and windows.end_month
