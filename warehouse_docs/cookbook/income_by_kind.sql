-- Topic: Income
-- Question: What does income consist of, and does that shift from launch to a year
--   later?
-- Asked by: analyst
-- Read: one line per country, month and kind: its share of the month's income, and how
--   many families had any of it.
-- Traps: programme money and loans are no income and are left out here. Business and
--   farm count net of costs, so a kind can be below zero. Shares of sums lean to
--   families with more money. Two months of one season: name others in `asked` for the
--   rest of the year.
-- Definition: income_local (convention C8)
-- Release: live
with

asked as (

    select array[date '2020-07-01', date '2021-07-01'] as journal_months

),

families_by_kind as (

    select
        sources.country_code,
        sources.journal_month,
        sources.income_kind_code,
        sources.family_key,
        sum(sources.net_local) as net_local
    from marts.fct_income_sources as sources
    cross join asked
    inner join marts.dim_families as families
        on sources.family_key = families.family_key
    where
        sources.journal_month = any(asked.journal_months)
        and sources.income_kind_code in ('earned', 'transfer', 'property', 'other')
        and families.has_consented_to_aggregates is not false
    group by
        sources.country_code,
        sources.journal_month,
        sources.income_kind_code,
        sources.family_key

)

select
    country_code,
    journal_month,
    income_kind_code,
    round(
        100 * sum(net_local)
        / sum(sum(net_local)) over (partition by country_code, journal_month), 1
    ) as income_percent,
    count(*) as family_count
from families_by_kind
group by country_code, journal_month, income_kind_code
order by country_code, journal_month, income_kind_code
