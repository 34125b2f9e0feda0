with

exchange_rates as (

    select * from {{ ref('stg_reference__exchange_rates') }}

),

-- A period speaks for every month that it covers whole.
rates_of_months as (

    select
        exchange_rates.currency_code,
        exchange_rates.local_per_usd,
        months.month_start::date as rate_month,
        row_number() over (
            partition by exchange_rates.currency_code, months.month_start
            order by
                exchange_rates.period_end_date - exchange_rates.period_start_date,
                exchange_rates.period_start_date desc
        ) as narrowness_rank
    from
        exchange_rates,
        generate_series(
            date_trunc('month', exchange_rates.period_start_date - 1)
            + interval '1 month',
            date_trunc('month', exchange_rates.period_end_date + 1)
            - interval '1 month',
            interval '1 month'
        ) as months (month_start)
    -- The dollar against itself is no figure of a seed.
    where exchange_rates.currency_code <> 'USD'

)

-- The rate of the month itself where one is published, else that of its year.
select
    currency_code,
    local_per_usd,
    rate_month
from rates_of_months
where narrowness_rank = 1
union all
select
    'USD' as currency_code,
    1::numeric(20, 10) as local_per_usd,
    rate_month
from rates_of_months
group by rate_month
