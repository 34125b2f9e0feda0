with

exchange_rates as (

    select * from {{ ref('exchange_rates') }}

)

select
    currency_code,
    period_start_date,
    period_end_date,
    local_per_usd
from exchange_rates
