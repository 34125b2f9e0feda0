-- Topic: Families
-- Question: Why do families leave, and how long after launch?
-- Asked by: program lead
-- Read: reasons as the exit form has them, most frequent first.
-- Traps: thirty exits in all: shown over all sites, because a reason at one site names
--   a family. A family that merged into another household has no reason.
-- Definition: exit_reason_code, left_after_month_count
-- Release: live
select
    exit_reason_code,
    count(*) as family_count,
    round(avg(left_after_month_count), 0) as month_count_mean,
    count(*) filter (where left_after_month_count < 12) as within_a_year_family_count
from marts.dim_families
where exited_date is not null
group by exit_reason_code
order by count(*) desc, exit_reason_code asc
