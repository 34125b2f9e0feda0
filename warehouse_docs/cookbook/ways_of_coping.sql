-- Topic: Shocks
-- Question: How did families get through, and who had to give up what they live on?
-- Asked by: program lead, analyst
-- Read: months with a shock, by country; costly means selling belongings, taking a
--   child out of school, cutting spending, or borrowing while owing a moneylender.
-- Traps: families do several things at once. Null means that the month had no answer,
--   and false that it had no such way.
-- Definition: has_negative_coping; M26
-- Release: live
select
    family_months.country_code,
    family_months.shock_severity_score,
    count(*) as family_month_count,
    count(distinct family_months.family_key) as family_count,
    round(
        100.0 * count(*) filter (where family_months.has_negative_coping)
        / count(family_months.has_negative_coping), 0
    ) as costly_percent
from marts.fct_family_months as family_months
inner join marts.dim_families as families
    on family_months.family_key = families.family_key
where
    family_months.has_shock
    and families.has_consented_to_aggregates is not false
group by family_months.country_code, family_months.shock_severity_score
having count(distinct family_months.family_key) >= 10
order by family_months.country_code, family_months.shock_severity_score
