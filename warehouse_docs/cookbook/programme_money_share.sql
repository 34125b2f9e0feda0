-- Topic: Income
-- Question: How much of what families receive is the programme's own money?
-- Asked by: program lead, finance
-- Read: programme money in per cent of income and programme money together, by quarter;
--   family_count is that of the fullest month of the quarter.
-- Traps: families name programme money among their income or leave it out, so this is
--   what they told; what finance paid is in fct_journal_payments and fct_investments.
--   It is never part of income_local.
-- Definition: income_programme_local beside income_local (convention C8)
-- Release: live
with

sums as (

    select
        family_months.country_code,
        family_months.journal_month,
        sum(family_months.income_programme_local) as programme_local,
        sum(family_months.income_local) as income_local,
        count(*) as family_count
    from marts.fct_family_months as family_months
    inner join marts.dim_families as families
        on family_months.family_key = families.family_key
    where
        family_months.income_local is not null
        and family_months.income_programme_local is not null
        and families.has_consented_to_aggregates is not false
    group by family_months.country_code, family_months.journal_month

)

select
    sums.country_code,
    months.calendar_year,
    months.quarter_number,
    round(
        100 * sum(sums.programme_local)
        / nullif(sum(sums.programme_local + sums.income_local), 0), 1
    ) as programme_percent,
    max(sums.family_count) as family_count
from sums
inner join marts.dim_months as months
    on sums.journal_month = months.journal_month
group by sums.country_code, months.calendar_year, months.quarter_number
order by sums.country_code, months.calendar_year, months.quarter_number
