with

cohorts as (

    select * from {{ ref('stg_registry__cohorts') }}

),

sites as (

    select * from {{ ref('stg_registry__sites') }}

),

cpi_months as (

    select * from {{ ref('int_monthly_price_indexes') }}

),

ppp_factors as (

    select * from {{ ref('stg_reference__ppp_factors') }}

),

cohort_countries as (

    select distinct
        cohorts.cohort_code,
        sites.country_code,
        sites.currency_code,
        cohorts.launch_month
    from cohorts
    inner join sites on sites.site_code = any(cohorts.site_codes)

),

launch_prices as (

    select
        cohort_countries.cohort_code,
        cohort_countries.country_code,
        cohort_countries.currency_code,
        cpi_months.consumer_price_index as launch_consumer_price_index
    from cohort_countries
    inner join cpi_months
        on
            cohort_countries.country_code = cpi_months.country_code
            and cohort_countries.currency_code = cpi_months.currency_code
            and cohort_countries.launch_month = cpi_months.price_month

)

-- Left joins: a country without an index at launch, or without a factor, keeps its
-- months; what cannot be converted stays null rather than nominal.
select
    cohort_countries.cohort_code,
    cohort_countries.country_code,
    cohort_countries.currency_code,
    cpi_months.price_frequency_code,
    cpi_months.consumer_price_index::numeric(12, 4) as consumer_price_index,
    (
        cpi_months.consumer_price_index / launch_prices.launch_consumer_price_index
    )::numeric(20, 12) as price_level_to_launch,
    (
        ppp_factors.local_per_usd_ppp
        * cpi_months.consumer_price_index
        / ppp_factors.consumer_price_index_year_mean
    )::numeric(20, 10) as local_per_usd_ppp,
    cpi_months.price_month as journal_month
from cohort_countries
-- Prices and factors are of one currency: of a site that reports in another they say
-- nothing.
inner join cpi_months
    on
        cohort_countries.country_code = cpi_months.country_code
        and cohort_countries.currency_code = cpi_months.currency_code
left join launch_prices
    on
        cohort_countries.cohort_code = launch_prices.cohort_code
        and cohort_countries.country_code = launch_prices.country_code
        and cohort_countries.currency_code = launch_prices.currency_code
left join ppp_factors
    on
        cohort_countries.country_code = ppp_factors.country_code
        and cohort_countries.currency_code = ppp_factors.currency_code
