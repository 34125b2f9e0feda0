-- Topic: Shocks
-- Question: What became of the income of families that a shock hit, month by month?
-- Asked by: analyst
-- Read: income of the month before a family's first shock = 100; 0 is the month of the
--   shock. The mean of sums, over families with a known income in that month and
--   before.
-- Traps: the first shock of a family only, and later ones lie in the months after it.
--   Nothing here says what income would have done without it: compare with the
--   country's index. The families of a month are not those of the next.
-- Definition: income_local around the first month with has_shock
-- Release: live
with

first_shocks as (

    select
        family_months.family_key,
        min(family_months.journal_month) as shock_month
    from marts.fct_family_months as family_months
    inner join marts.dim_families as families
        on family_months.family_key = families.family_key
    where
        family_months.has_shock
        and family_months.months_since_launch_count > 0
        and families.has_consented_to_aggregates is not false
    group by family_months.family_key

),

around as (

    select
        family_months.country_code,
        family_months.family_key,
        family_months.income_local,
        (
            extract(year from family_months.journal_month) * 12
            + extract(month from family_months.journal_month)
            - extract(year from first_shocks.shock_month) * 12
            - extract(month from first_shocks.shock_month)
        )::integer as month_number
    from first_shocks
    inner join marts.fct_family_months as family_months
        on
            first_shocks.family_key = family_months.family_key
            and family_months.journal_month
            between first_shocks.shock_month - interval '1 month'
            and first_shocks.shock_month + interval '6 months'

),

paired as (

    select
        country_code,
        month_number,
        income_local,
        max(income_local) filter (where month_number = -1) over (
            partition by family_key
        ) as income_before_local
    from around

)

select
    country_code,
    month_number,
    round(100 * sum(income_local) / nullif(sum(income_before_local), 0), 0)
        as income_index,
    count(*) as family_count
from paired
where income_local is not null and income_before_local is not null
group by country_code, month_number
having count(*) >= 10
order by country_code, month_number
