with

cpi_annual as (

    select * from {{ ref('cpi_annual') }}

)

select
    country_code,
    currency_code,
    price_year,
    consumer_price_index,
    series
from cpi_annual
