with

summed as (

    select * from {{ ref('int_scope_months_summed') }}

),

retained as (

    select * from {{ ref('int_scope_months_retained') }}

),

estimated as (

    select * from {{ ref('int_scope_months_estimated') }}

),

income_indexes as (

    select * from estimated
    where measure_code = 'income' and price_code = 'nominal'

),

income_real_indexes as (

    select * from estimated
    where measure_code = 'income' and price_code = 'real'

),

satisfaction as (

    select * from estimated
    where measure_code = 'satisfaction'

),

control as (

    select * from estimated
    where measure_code = 'control'

)

select
    summed.scope_type_code,
    summed.scope_code,
    summed.country_code,
    summed.currency_code,
    summed.months_since_launch_count::integer as months_since_launch_count,
    summed.expected_family_count::integer as expected_family_count,
    summed.reported_family_count::integer as reported_family_count,
    summed.income_family_count::integer as income_family_count,
    coalesce(income_indexes.family_count, 0)::integer as panel_family_count,
    coalesce(retained.active_family_count, 0)::integer as active_family_count,
    coalesce(
        least(summed.least_family_count, nullif(retained.active_family_count, 0)), 0
    )::integer as least_family_count,
    summed.income_mean_local::numeric(14, 2) as income_mean_local,
    summed.income_median_local::numeric(14, 2) as income_median_local,
    summed.income_mean_real_local::numeric(14, 2) as income_mean_real_local,
    summed.income_mean_usd_ppp::numeric(14, 2) as income_mean_usd_ppp,
    income_indexes.figure::numeric(16, 10) as income_index,
    income_indexes.standard_error::numeric(16, 10) as income_index_standard_error,
    income_indexes.interval_low::numeric(16, 10) as income_index_low,
    income_indexes.interval_high::numeric(16, 10) as income_index_high,
    income_real_indexes.figure::numeric(16, 10) as income_real_index,
    income_real_indexes.standard_error::numeric(16, 10)
        as income_real_index_standard_error,
    income_real_indexes.interval_low::numeric(16, 10) as income_real_index_low,
    income_real_indexes.interval_high::numeric(16, 10) as income_real_index_high,
    summed.savings_balance_mean_local::numeric(14, 2) as savings_balance_mean_local,
    summed.saver_share::numeric(16, 10) as saver_share,
    summed.debt_balance_mean_local::numeric(14, 2) as debt_balance_mean_local,
    summed.lending_circle_share::numeric(16, 10) as lending_circle_share,
    summed.lending_circle_share_low::numeric(16, 10) as lending_circle_share_low,
    summed.lending_circle_share_high::numeric(16, 10) as lending_circle_share_high,
    summed.circle_contributed_mean_local::numeric(14, 2)
        as circle_contributed_mean_local,
    summed.given_share::numeric(16, 10) as given_share,
    satisfaction.figure::numeric(16, 10) as satisfaction_mean_score,
    satisfaction.standard_error::numeric(16, 10)
        as satisfaction_mean_score_standard_error,
    control.figure::numeric(16, 10) as control_mean_score,
    control.standard_error::numeric(16, 10) as control_mean_score_standard_error,
    retained.retention_share::numeric(16, 10) as retention_share,
    summed.journal_month
from summed
left join retained
    on
        summed.scope_type_code = retained.scope_type_code
        and summed.scope_code = retained.scope_code
        and summed.journal_month = retained.journal_month
left join income_indexes
    on
        summed.scope_type_code = income_indexes.scope_type_code
        and summed.scope_code = income_indexes.scope_code
        and summed.journal_month = income_indexes.journal_month
left join income_real_indexes
    on
        summed.scope_type_code = income_real_indexes.scope_type_code
        and summed.scope_code = income_real_indexes.scope_code
        and summed.journal_month = income_real_indexes.journal_month
left join satisfaction
    on
        summed.scope_type_code = satisfaction.scope_type_code
        and summed.scope_code = satisfaction.scope_code
        and summed.journal_month = satisfaction.journal_month
left join control
    on
        summed.scope_type_code = control.scope_type_code
        and summed.scope_code = control.scope_code
        and summed.journal_month = control.journal_month
