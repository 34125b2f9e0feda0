with

currencies as (

    select * from {{ ref('stg_reference__currencies') }}

),

sites as (

    select * from {{ ref('stg_registry__sites') }}

),

-- The currency of a site is here also if nobody has described it yet.
currencies_listed as (

    select currency_code from currencies
    union
    select currency_code from sites

)

select
    currencies_listed.currency_code,
    currencies.currency_name,
    currencies.currency_name_es,
    currencies.currency_name_fil,
    currencies.minor_unit_digits,
    currencies.redenomination_factor,
    currencies.month_min_local,
    currencies.month_max_local,
    currencies.unit_error_factors,
    currencies.valid_from_date,
    currencies.valid_to_date
from currencies_listed
left join currencies on currencies_listed.currency_code = currencies.currency_code
