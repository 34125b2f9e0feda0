-- Topic: Income
-- Question: What does a person of a family live on, in money that compares across
--   countries?
-- Asked by: analyst, funder
-- Read: international dollars of 2017 per person and day: the median family, and the
--   families at a quarter and three quarters.
-- Traps: income told in a journal is not the consumption that poverty statistics
--   measure, so no line of theirs is drawn here. A median of families, not of persons.
-- Definition: income_usd_ppp (convention C7), 12 months of 365 days
-- Release: live
with

days as (

    select
        family_months.country_code,
        family_months.months_since_launch_count,
        family_months.income_usd_ppp * 12 / 365
        / nullif(family_months.household_member_count, 0) as person_day_usd_ppp
    from marts.fct_family_months as family_months
    inner join marts.dim_families as families
        on family_months.family_key = families.family_key
    where
        family_months.months_since_launch_count in (0, 12)
        and families.has_consented_to_aggregates is not false

)

select
    country_code,
    months_since_launch_count,
    round(
        (percentile_cont(0.25) within group (order by person_day_usd_ppp))::numeric, 2
    ) as quarter_usd_ppp,
    round(
        (percentile_cont(0.5) within group (order by person_day_usd_ppp))::numeric, 2
    ) as median_usd_ppp,
    round(
        (percentile_cont(0.75) within group (order by person_day_usd_ppp))::numeric, 2
    ) as three_quarters_usd_ppp,
    count(person_day_usd_ppp) as family_count
from days
group by country_code, months_since_launch_count
having count(person_day_usd_ppp) >= 10
order by country_code, months_since_launch_count
