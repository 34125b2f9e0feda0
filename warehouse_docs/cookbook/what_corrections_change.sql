-- Topic: Releases and data quality
-- Question: How much do approved corrections move the income of a country?
-- Asked by: analyst
-- Read: months that a correction changed, and the mean income of that month as reported
--   and as corrected.
-- Traps: corrections are rows beside what was reported, never edits: both can be read.
--   One unit error of a thousand moves a mean more than all others.
-- Definition: income_reported_local beside income_local
-- Release: live
select
    family_months.country_code,
    family_months.journal_month,
    sum((family_months.correction_count > 0)::integer) as corrected_family_count,
    count(family_months.income_local) as family_count,
    round(avg(family_months.income_reported_local), 0) as reported_mean_local,
    round(avg(family_months.income_local), 0) as corrected_mean_local
from marts.fct_family_months as family_months
inner join marts.dim_families as families
    on family_months.family_key = families.family_key
where families.has_consented_to_aggregates is not false
group by family_months.country_code, family_months.journal_month
having
    sum(family_months.income_reported_local) is distinct from sum(
        family_months.income_local
    )
order by family_months.country_code, family_months.journal_month
