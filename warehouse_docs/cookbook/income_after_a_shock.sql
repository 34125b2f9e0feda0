-- Topic: Shocks
-- Question: What became of the income of families that a shock hit, beside those it did
--   not?
-- Asked by: analyst
-- Read: income of the month before = 100; 0 is the month asked about. One line per
--   country, month and whether families told of a shock in month 0, over those whose
--   income is known in that month and before.
-- Traps: shocks of other months lie before and after it, in both groups. Families that
--   a shock hits are not like the others, so the gap is not its effect. The families of
--   a month are not all those of the next; fewer than ten are not shown.
-- Definition: income_local around a month with has_shock; M28
-- Release: live
with

-- Not materialized: so the planner sees which months are meant.
asked as not materialized (

    select
        date '2020-11-01' as shock_month,
        date '2020-10-01' as month_before,
        date '2021-03-01' as last_month

),

told as (

    select
        family_months.family_key,
        family_months.has_shock,
        before_it.income_local as before_local
    from asked
    inner join marts.fct_family_months as family_months
        on asked.shock_month = family_months.journal_month
    inner join marts.fct_family_months as before_it
        on
            family_months.family_key = before_it.family_key
            and asked.month_before = before_it.journal_month
    inner join marts.dim_families as families
        on family_months.family_key = families.family_key
    where
        family_months.has_shock is not null
        and before_it.income_local is not null
        and families.has_consented_to_aggregates is not false

)

select
    family_months.country_code,
    told.has_shock,
    (
        12 * extract(
            year from age(family_months.journal_month, asked.shock_month)
        )
        + extract(
            month from age(family_months.journal_month, asked.shock_month)
        )
    )::integer as month_number,
    round(
        100 * sum(family_months.income_local) / nullif(sum(told.before_local), 0), 0
    ) as income_index,
    count(*) as family_count
from told
cross join asked
inner join marts.fct_family_months as family_months
    on
        told.family_key = family_months.family_key
        and family_months.journal_month
        between asked.month_before and asked.last_month
where family_months.income_local is not null
group by
    family_months.country_code,
    told.has_shock,
    family_months.journal_month,
    asked.shock_month
having count(*) >= 10
order by family_months.country_code asc, told.has_shock desc, month_number asc
