with

cpi_months as (

    select * from {{ ref('stg_reference__cpi_months') }}

),

cpi_years as (

    select * from {{ ref('stg_reference__cpi_years') }}

)

select
    country_code,
    currency_code,
    'monthly' as price_frequency_code,
    consumer_price_index,
    price_month
from cpi_months
union all
-- One level for the whole year: nothing is known of the months in it.
select
    cpi_years.country_code,
    cpi_years.currency_code,
    'annual' as price_frequency_code,
    cpi_years.consumer_price_index,
    months.month_start::date as price_month
from
    cpi_years,
    generate_series(
        make_date(cpi_years.price_year, 1, 1)::timestamp,
        make_date(cpi_years.price_year, 12, 1)::timestamp,
        interval '1 month'
    ) as months (month_start)
