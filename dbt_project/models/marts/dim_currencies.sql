with

currencies as (

    select * from {{ ref('stg_reference__currencies') }}

)

select
    currency_code,
    currency_name,
    currency_name_es,
    currency_name_fil,
    minor_unit_digits,
    redenomination_factor,
    month_min_local,
    month_max_local,
    unit_error_factors,
    valid_from_date,
    valid_to_date
from currencies
