with

countries as (

    select * from {{ ref('stg_reference__countries') }}

),

sites as (

    select * from {{ ref('stg_registry__sites') }}

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

),

-- A country with a site is here also if nobody has described it yet.
countries_listed as (

    select
        country_code,
        currency_code
    from countries
    union all
    select
        country_code,
        min(currency_code) as currency_code
    from sites
    where country_code not in (select countries.country_code from countries)
    group by country_code

)

select
    countries_listed.country_code,
    countries.country_two_letter_code,
    countries_listed.currency_code,
    countries.country_name,
    countries.country_name_es,
    countries.country_name_fil,
    countries.data_protection_law,
    cpi_series.series as consumer_price_series,
    ppp_factors.series as purchasing_power_series
from countries_listed
left join countries on countries_listed.country_code = countries.country_code
left join cpi_series on countries_listed.country_code = cpi_series.country_code
left join ppp_factors on countries_listed.country_code = ppp_factors.country_code
