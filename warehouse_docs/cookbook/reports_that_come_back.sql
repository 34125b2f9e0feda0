-- Topic: Meetings
-- Question: Do families get their own data back, and is it of use to them?
-- Asked by: program lead, families
-- Read: of the journals of a half-year: report received; of those, useful (3 or 4 of 4)
--   and led to a decision.
-- Traps: those who report tell of the report, so families that fell silent are not in
--   it. What they decided stays with them.
-- Definition: has_received_report, report_usefulness_score; M54, M55, M56
-- Release: live
select
    family_months.country_code,
    months.calendar_year,
    (months.quarter_number + 1) / 2 as half_year_number,
    count(family_months.has_received_report) as answer_count,
    round(
        100.0 * count(*) filter (where family_months.has_received_report)
        / nullif(count(family_months.has_received_report), 0), 0
    ) as received_percent,
    round(
        100.0 * count(*) filter (where family_months.report_usefulness_score >= 3)
        / nullif(count(family_months.report_usefulness_score), 0), 0
    ) as useful_percent,
    round(
        100.0 * count(*) filter (where family_months.has_decided_from_report)
        / nullif(count(family_months.has_decided_from_report), 0), 0
    ) as decided_percent
from marts.fct_family_months as family_months
inner join marts.dim_months as months
    on family_months.journal_month = months.journal_month
inner join marts.dim_families as families
    on family_months.family_key = families.family_key
where families.has_consented_to_aggregates is not false
group by
    family_months.country_code,
    months.calendar_year,
    (months.quarter_number + 1) / 2
having count(family_months.has_received_report) >= 10
order by family_months.country_code, months.calendar_year, half_year_number
