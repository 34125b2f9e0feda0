-- Topic: Shocks
-- Question: What became of the income of families that a shock hit, month by month?
-- Asked by: analyst
-- Read: income of the month before the shock = 100; 0 is the month of the shock. Sums
--   over the families whose income is known in that month and before.
-- Traps: families that told of a shock in the quarter asked about, its first in that
--   quarter; others may lie before and after it. Nothing here says what income would
--   have done without it: compare with the country's index. The families of a month are
--   not all those of the next.
-- Definition: income_local around a month with has_shock; M28
-- Release: live
with

asked as (

    select
        date '2020-11-01' as start_month,
        date '2021-01-01' as end_month

),

shocks as (

    select
        family_months.family_key,
        min(family_months.journal_month) as shock_month
    from marts.fct_family_months as family_months
    inner join asked
        on
            family_months.journal_month
            between asked.start_month and asked.end_month
    inner join marts.dim_families as families
        on family_months.family_key = families.family_key
    where
        family_months.has_shock
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
            - extract(year from shocks.shock_month) * 12
            - extract(month from shocks.shock_month)
        )::integer as month_number
    from shocks
    inner join marts.fct_family_months as family_months
        on
            shocks.family_key = family_months.family_key
            and family_months.journal_month
            between (shocks.shock_month - interval '1 month')::date
            and (shocks.shock_month + interval '6 months')::date

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
