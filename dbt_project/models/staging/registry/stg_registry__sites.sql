with

sites as (

    select * from {{ source('registry', 'sites') }}

)

select
    site_code,
    site_name,
    country_code,
    currency_code,
    timezone as timezone_name,
    languages as language_codes
from sites
