with

sites as (

    select * from {{ ref('stg_registry__sites') }}

),

families as (

    select * from {{ ref('dim_families') }}

),

sharing as (select * from {{ ref('stg_registry__sharing') }}),

price_indexes as (

    select distinct
        country_code,
        currency_code,
        price_frequency_code
    from {{ ref('int_monthly_price_indexes') }}

),

families_counted as (

    select
        site_code,
        count(*) as family_count
    from families
    where status_code in ('active', 'paused')
    group by site_code

),

sites_counted as (

    select
        sites.site_code,
        sites.country_code,
        coalesce(families_counted.family_count, 0)::integer as family_count,
        {{ too_few_families('families_counted.family_count') }} as own_reason_code
    from sites
    left join families_counted on sites.site_code = families_counted.site_code

),

-- Leads read it: a site of few families is not counted, nor the one beside it.
families_judged as (

    select
        site_code,
        family_count,
        {{ suppression_reason(
            'own_reason_code', 'family_count', ['country_code'], 'site_code'
        ) }} as suppression_reason_code
    from sites_counted

)

select
    sites.site_code,
    sites.country_code,
    sites.currency_code,
    price_indexes.price_frequency_code,
    array(select jsonb_array_elements_text(sites.language_codes)) as language_codes,
    sites.site_name,
    sites.timezone_name,
    case
        when families_judged.suppression_reason_code is null
            then families_judged.family_count
    end as family_count
from sites
inner join families_judged on sites.site_code = families_judged.site_code
left join price_indexes
    on
        sites.country_code = price_indexes.country_code
        and sites.currency_code = price_indexes.currency_code
