-- Topic: Helping each other
-- Question: Do families both give and receive, or do some only give?
-- Asked by: program lead, families
-- Read: families of each country over a year, by whether they gave money or goods in
--   any month and whether they received any.
-- Traps: help outside the household, loans not counted. Hours of help are not in it.
--   Over a year almost everyone does both; a shorter time tells more apart.
-- Definition: given_local, received_local; M37
-- Release: live
with

asked as (

    select
        date '2021-05-01' as start_month,
        date '2021-07-01' as end_month

),

helped as (

    select
        family_months.country_code,
        family_months.family_key,
        sum(family_months.given_local) > 0 as has_given,
        sum(family_months.received_local) > 0 as has_received
    from marts.fct_family_months as family_months
    inner join asked
        on
            family_months.journal_month
            between asked.start_month and asked.end_month
    inner join marts.dim_families as families
        on family_months.family_key = families.family_key
    where
        family_months.given_local is not null
        and family_months.received_local is not null
        and families.has_consented_to_aggregates is not false
    group by family_months.country_code, family_months.family_key

)

select
    country_code,
    count(*) as family_count,
    count(*) filter (where has_given and has_received) as both_family_count,
    count(*) filter (where has_given and not has_received)
        as only_given_family_count,
    count(*) filter (where has_received and not has_given)
        as only_received_family_count,
    count(*) filter (where not has_received and not has_given)
        as neither_family_count
from helped
group by country_code
having count(*) >= 10
order by country_code
