-- Topic: Children
-- Question: How many children of school age took part in school, term by term?
-- Asked by: program lead, analyst
-- Read: children that took part divided by children of school age, in person or
--   virtually, by quarter of the calendar.
-- Traps: quarters are not the school terms of any one country, and in holidays nobody
--   takes part: compare the same quarter of two years. Only families that agreed to
--   questions on children. Child-months, so a child counts three times in a quarter.
-- Definition: attending_child_count, school_age_child_count; M29
-- Release: live
select
    family_months.country_code,
    months.calendar_year,
    months.quarter_number,
    round(
        100.0 * sum(family_months.attending_child_count)
        / sum(family_months.school_age_child_count), 1
    ) as attending_percent,
    round(
        100.0 * sum(family_months.absent_child_count)
        / sum(family_months.school_age_child_count), 1
    ) as missed_five_days_percent,
    count(distinct family_months.family_key) as family_count
from marts.fct_family_months as family_months
inner join marts.dim_months as months
    on family_months.journal_month = months.journal_month
inner join marts.dim_families as families
    on family_months.family_key = families.family_key
where
    family_months.school_age_child_count > 0
    and family_months.attending_child_count is not null
    and family_months.absent_child_count is not null
    and families.has_consented_to_aggregates is not false
group by
    family_months.country_code, months.calendar_year, months.quarter_number
having count(distinct family_months.family_key) >= 10
order by
    family_months.country_code, months.calendar_year, months.quarter_number
