-- Topic: Meetings
-- Question: Do groups meet, do families come, and do they use their own data there?
-- Asked by: program lead
-- Read: meetings by country and half-year: attendance, and how many looked at their
--   data and decided something from it.
-- Traps: a group that does not meet sends no form: compare the number of meetings with
--   groups times months. Group savings are the group's own and are not shown.
-- Definition: fct_peer_group_meetings; M44, M56
-- Release: live
select
    meetings.country_code,
    months.calendar_year,
    (months.quarter_number + 1) / 2 as half_year_number,
    count(*) as meeting_count,
    round(
        100.0 * sum(meetings.attending_family_count)
        / nullif(sum(meetings.expected_family_count), 0), 0
    ) as attendance_percent,
    round(100.0 * count(*) filter (where meetings.has_reviewed_data) / count(*), 0)
        as reviewed_data_percent,
    round(100.0 * count(*) filter (where meetings.has_data_decision) / count(*), 0)
        as decided_percent
from marts.fct_peer_group_meetings as meetings
inner join marts.dim_months as months
    on meetings.meeting_month = months.journal_month
group by
    meetings.country_code,
    months.calendar_year,
    (months.quarter_number + 1) / 2
order by meetings.country_code, months.calendar_year, half_year_number
