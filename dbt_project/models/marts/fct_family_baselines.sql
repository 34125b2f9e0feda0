with

baselines as (

    select * from {{ ref('int_family_baselines') }}

),

monthly_prices as (

    select * from {{ ref('int_monthly_prices') }}

)

select
    baselines.family_key,
    baselines.baseline_month,
    baselines.country_code,
    baselines.site_code,
    baselines.peer_group_code,
    baselines.cohort_code,
    baselines.currency_code,
    baselines.income_local,
    baselines.income_reported_local,
    baselines.income_earned_local,
    baselines.income_programme_local,
    (baselines.income_local / monthly_prices.price_level_to_launch)::numeric(14, 2)
        as income_real_local,
    (baselines.income_local / monthly_prices.local_per_usd_ppp)::numeric(14, 2)
        as income_usd_ppp,
    {{ common_measures_of('baselines') }},
    baselines.household_member_count,
    baselines.household_under_14_count,
    baselines.household_adult_count,
    baselines.adult_equivalent_count,
    baselines.business_sales_local,
    baselines.business_cost_local,
    baselines.submitted_at
from baselines
-- Left join: a month without a published price keeps its row, unconverted.
left join monthly_prices
    on
        baselines.cohort_code = monthly_prices.cohort_code
        and baselines.country_code = monthly_prices.country_code
        and baselines.currency_code = monthly_prices.currency_code
        and baselines.baseline_month = monthly_prices.journal_month
where baselines.release_code = {{ shown_release() }}
