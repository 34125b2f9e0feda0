-- Topic: Families
-- Question: To which group and site did a month belong, when a family has moved since?
-- Asked by: analyst
-- Read: how many families each site had at the end of the month, by the history of
--   placements, beside how many of those are there today.
-- Traps: dim_families says where a family is today. A month belongs to the placement
--   that held on its last day; facts carry that already in site_code and
--   peer_group_code, so this join is for what they do not carry.
-- Definition: dim_family_placements (SCD2), convention of fct_family_months
-- Release: live
with

asked as (

    select date '2020-09-01' as journal_month

)

select
    months.journal_month,
    placements.site_code,
    count(*) as family_count,
    count(distinct placements.peer_group_code) as peer_group_count,
    count(*) filter (
        where
        families.site_code = placements.site_code
        and families.exited_date is null
    ) as there_today_family_count
from asked
inner join marts.dim_months as months
    on asked.journal_month = months.journal_month
inner join marts.dim_family_placements as placements
    on
        months.month_last_date >= placements.valid_from_date
        and (
            placements.valid_to_date is null
            or months.month_last_date <= placements.valid_to_date
        )
inner join marts.dim_families as families
    on placements.family_key = families.family_key
where
    families.exited_date is null
    or families.exited_date > months.month_last_date
group by months.journal_month, placements.site_code
order by placements.site_code
