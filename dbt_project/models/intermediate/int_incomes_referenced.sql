with

journals as (

    select * from {{ ref('int_journal_months') }}
    where income_reported_local > 0

),

usual_incomes as (

    select * from {{ ref('int_usual_incomes') }}

),

exchange_rates as (

    select * from {{ ref('int_monthly_exchange_rates') }}

),

prices as (

    select * from {{ ref('int_monthly_prices') }}

),

unit_limits as (

    select * from {{ ref('stg_reference__data_quality_rules') }}
    where rule_code = 'unit_error'

)

-- Its site in that month speaks for a family with too few months, and of one whose
-- months are all typed in the same wrong unit.
select
    journals.root_id,
    journals.income_reported_local,
    exchange_rates.local_per_usd,
    -- Where no rate is published, what a dollar buys says which journals to ask
    -- about, and not what to write instead.
    coalesce(exchange_rates.local_per_usd, prices.local_per_usd_ppp)
        as local_per_usd_about,
    usual.log_median,
    usual.is_all_there_is
from journals
inner join usual_incomes on journals.root_id = usual_incomes.root_id
left join exchange_rates
    on
        journals.currency_code = exchange_rates.currency_code
        and journals.journal_month = exchange_rates.rate_month
left join prices
    on
        journals.cohort_code = prices.cohort_code
        and journals.country_code = prices.country_code
        and journals.currency_code = prices.currency_code
        and journals.journal_month = prices.journal_month
cross join unit_limits
cross join
    lateral (
        values
        (usual_incomes.own_log_median, usual_incomes.own_month_count, true),
        (
            usual_incomes.site_log_median,
            usual_incomes.site_family_count,
            usual_incomes.own_month_count < unit_limits.minimum_count
        )
    ) as usual (log_median, value_count, is_all_there_is)
where usual.value_count >= unit_limits.minimum_count
