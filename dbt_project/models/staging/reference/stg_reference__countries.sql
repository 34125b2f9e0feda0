with

countries as (

    select * from {{ ref('countries') }}

)

select
    country_code,
    country_two_letter_code,
    currency_code,
    country_name,
    country_name_es,
    country_name_fil,
    data_protection_law
from countries
