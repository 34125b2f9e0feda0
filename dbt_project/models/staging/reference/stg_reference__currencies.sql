with

currencies as (

    select * from {{ ref('currencies') }}

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
    string_to_array(unit_error_factors, ' ')::numeric[] as unit_error_factors,
    valid_from_date,
    valid_to_date
from currencies
