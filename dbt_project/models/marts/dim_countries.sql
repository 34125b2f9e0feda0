with

countries as (

    select * from {{ ref('stg_reference__countries') }}

),

cpi_series as (

    select distinct
        country_code,
        series
    from {{ ref('stg_reference__cpi_months') }}
    union
    select distinct
        country_code,
        series
    from {{ ref('stg_reference__cpi_years') }}

),

ppp_factors as (

    select * from {{ ref('stg_reference__ppp_factors') }}

)

select
    countries.country_code,
    countries.country_two_letter_code,
    countries.currency_code,
    countries.country_name,
    countries.country_name_es,
    countries.country_name_fil,
    countries.data_protection_law,
    cpi_series.series as consumer_price_series,
    ppp_factors.series as purchasing_power_series
from countries
left join cpi_series on countries.country_code = cpi_series.country_code
left join ppp_factors on countries.country_code = ppp_factors.country_code
