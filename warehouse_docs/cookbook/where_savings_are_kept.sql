-- Topic: Savings
-- Question: Where do families keep their savings, and is that safe?
-- Asked by: program lead, analyst
-- Read: of the families that named a place of savings in the month, how many use each.
-- Traps: places are a list with one balance for all of them, so money can be told apart
--   only where there is no other place. Families may use several: shares can add to
--   more than 100.
-- Definition: fct_savings
-- Release: live
with

asked as (

    select date '2021-07-01' as journal_month

),

savers as (

    select
        savings.country_code,
        savings.family_key,
        savings.saving_place_code
    from marts.fct_savings as savings
    inner join asked on savings.journal_month = asked.journal_month
    inner join marts.dim_families as families
        on savings.family_key = families.family_key
    where families.has_consented_to_aggregates is not false

),

totals as (

    select
        country_code,
        count(distinct family_key) as family_count
    from savers
    group by country_code

)

select
    savers.country_code,
    codes.value_name as saving_place,
    count(*) as family_count,
    round(100.0 * count(*) / totals.family_count, 0) as family_percent
from savers
inner join totals on savers.country_code = totals.country_code
left join marts.dim_codes as codes
    on
        savers.saving_place_code = codes.value_code
        and codes.list_code = 'saving_place'
where totals.family_count >= 10
group by savers.country_code, codes.value_name, totals.family_count
order by savers.country_code, codes.value_name
