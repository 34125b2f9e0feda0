with

cpi_monthly as (

    select * from {{ ref('cpi_monthly') }}

)

select
    country_code,
    currency_code,
    price_month,
    consumer_price_index,
    series
from cpi_monthly
