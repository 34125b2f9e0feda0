with

cpi_monthly as (

    select * from {{ ref('cpi_monthly') }}

),

cpi_annual as (

    select * from {{ ref('cpi_annual') }}

)

select
    country_code,
    price_month,
    consumer_price_index,
    'monthly' as price_frequency_code
from cpi_monthly
union all
-- One level for the whole year: nothing is known of the months in it.
select
    cpi_annual.country_code,
    months.month_start::date as price_month,
    cpi_annual.consumer_price_index,
    'annual' as price_frequency_code
from
    cpi_annual,
    generate_series(
        make_date(cpi_annual.price_year, 1, 1)::timestamp,
        make_date(cpi_annual.price_year, 12, 1)::timestamp,
        interval '1 month'
    ) as months (month_start)
