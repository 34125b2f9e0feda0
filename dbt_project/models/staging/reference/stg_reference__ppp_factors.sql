with

ppp_private_consumption as (

    select * from {{ ref('ppp_private_consumption') }}

)

select
    country_code,
    currency_code,
    price_year,
    local_per_usd_ppp,
    consumer_price_index_year_mean,
    series
from ppp_private_consumption
