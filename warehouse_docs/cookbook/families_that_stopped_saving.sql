-- Topic: Savings
-- Question: How many families that used to put money aside have stopped?
-- Asked by: program lead
-- Read: of the families that put something aside in their first three months, those
--   that put nothing aside in the last three of the year; beside them those of both
--   with no savings left.
-- Traps: savings are made to be spent, on a school fee or an illness: to stop is no
--   failure. Preferred not to say is not zero. Families without an answer in either
--   time are not counted.
-- Definition: saved_local, savings_balance_local (convention C9)
-- Release: live
with

spells as (

    select
        family_months.country_code,
        family_months.family_key,
        sum(family_months.saved_local) filter (
            where family_months.months_since_launch_count <= 2
        ) as early_local,
        sum(family_months.saved_local) filter (
            where family_months.months_since_launch_count >= 10
        ) as late_local,
        min(family_months.savings_balance_local) filter (
            where family_months.months_since_launch_count = 12
        ) as end_balance_local
    from marts.fct_family_months as family_months
    inner join marts.dim_families as families
        on family_months.family_key = families.family_key
    where
        family_months.months_since_launch_count in (0, 1, 2, 10, 11, 12)
        and families.has_consented_to_aggregates is not false
    group by family_months.country_code, family_months.family_key

)

select
    country_code,
    count(*) as family_count,
    count(*) filter (where early_local > 0) as saver_family_count,
    count(*) filter (where early_local > 0 and late_local = 0)
        as stopped_family_count,
    count(*) filter (
        where early_local > 0 and late_local = 0 and end_balance_local = 0
    ) as stopped_without_balance_family_count,
    round(
        100.0 * count(*) filter (where early_local > 0 and late_local = 0)
        / nullif(count(*) filter (where early_local > 0), 0), 1
    ) as stopped_percent
from spells
where early_local is not null and late_local is not null
group by country_code
having count(*) >= 10
order by country_code
