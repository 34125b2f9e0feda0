-- Topic: Children
-- Question: How many children of school age took part in school, term by term?
-- Asked by: program lead, analyst
-- Read: children that took part divided by children of school age, in person or
--   virtually, by quarter of the calendar; family_count is that of the fullest month of
--   the quarter.
-- Traps: quarters are not the school terms of any one country, and in holidays nobody
--   takes part: compare the same quarter of two years. Only families that agreed to
--   questions on children. Child-months, so a child counts three times in a quarter.
-- Definition: attending_child_count, school_age_child_count; M29
-- Release: live
with

sums as (

    select
        family_months.country_code,
        family_months.journal_month,
        sum(family_months.attending_child_count) as attending_count,
        sum(family_months.absent_child_count) as absent_count,
        sum(family_months.school_age_child_count) as school_age_count,
        count(*) as family_count
    from marts.fct_family_months as family_months
    inner join marts.dim_families as families
        on family_months.family_key = families.family_key
    where
        family_months.school_age_child_count > 0
        and family_months.attending_child_count is not null
        and family_months.absent_child_count is not null
        and families.has_consented_to_aggregates is not false
    group by family_months.country_code, family_months.journal_month

)

select
    sums.country_code,
    months.calendar_year,
    months.quarter_number,
    round(100.0 * sum(sums.attending_count) / sum(sums.school_age_count), 1)
        as attending_percent,
    round(100.0 * sum(sums.absent_count) / sum(sums.school_age_count), 1)
        as missed_five_days_percent,
    max(sums.family_count) as family_count
from sums
inner join marts.dim_months as months
    on sums.journal_month = months.journal_month
group by sums.country_code, months.calendar_year, months.quarter_number
having max(sums.family_count) >= 10
order by sums.country_code, months.calendar_year, months.quarter_number
