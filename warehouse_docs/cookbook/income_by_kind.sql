-- Topic: Income
-- Question: What does income consist of, and does that shift?
-- Asked by: analyst
-- Read: one line per country, year and kind: its share of the year's income, and how
--   many families had any of it.
-- Traps: programme money and loans are no income and are left out here. Business and
--   farm count net of costs, so a kind can be below zero. Shares of sums lean to
--   families with more money.
-- Definition: income_local (convention C8)
-- Release: live
with

lines as (

    select
        sources.country_code,
        sources.income_kind_code,
        sources.family_key,
        sources.net_local,
        extract(year from sources.journal_month)::integer as calendar_year
    from marts.fct_income_sources as sources
    inner join marts.dim_families as families
        on sources.family_key = families.family_key
    where
        sources.income_kind_code in ('earned', 'transfer', 'property', 'other')
        and families.has_consented_to_aggregates is not false

)

select
    country_code,
    calendar_year,
    income_kind_code,
    round(
        100 * sum(net_local)
        / sum(sum(net_local)) over (partition by country_code, calendar_year), 1
    ) as income_percent,
    count(distinct family_key) as family_count
from lines
group by country_code, calendar_year, income_kind_code
order by country_code, calendar_year, income_kind_code
