-- Topic: Savings
-- Question: Where do families keep their savings, and is that safe?
-- Asked by: program lead, analyst
-- Read: of the families that told of savings in the year, how many used each place.
-- Traps: places are a list with one balance for all of them, so money can be told apart
--   only where there is no other place. Families use several: shares add to more than
--   100.
-- Definition: fct_savings
-- Release: live
with

savers as (

    select
        savings.country_code,
        savings.family_key,
        savings.saving_place_code,
        extract(year from savings.journal_month)::integer as calendar_year
    from marts.fct_savings as savings
    inner join marts.dim_families as families
        on savings.family_key = families.family_key
    where families.has_consented_to_aggregates is not false

),

totals as (

    select
        country_code,
        calendar_year,
        count(distinct family_key) as family_count
    from savers
    group by country_code, calendar_year

)

select
    savers.country_code,
    savers.calendar_year,
    codes.value_name as saving_place,
    count(distinct savers.family_key) as family_count,
    round(100.0 * count(distinct savers.family_key) / totals.family_count, 0)
        as family_percent
from savers
inner join totals
    on
        savers.country_code = totals.country_code
        and savers.calendar_year = totals.calendar_year
left join marts.dim_codes as codes
    on
        savers.saving_place_code = codes.value_code
        and codes.list_code = 'saving_place'
where savers.calendar_year = 2021
group by
    savers.country_code,
    savers.calendar_year,
    codes.value_name,
    totals.family_count
order by savers.country_code, codes.value_name
