-- Topic: Journals
-- Question: On which day of the week do journals come, and do the late ones come on
--   others?
-- Asked by: program lead
-- Read: share of the journals of each country that first came on that day, and how many
--   of them were late.
-- Traps: the day is the site's own, not the server's. First arrival counts: an edit
--   does not make a journal late.
-- Definition: first_received_date, journal_status_code
-- Release: live
select
    family_months.country_code,
    calendar_days.weekday_number,
    calendar_days.weekday_name,
    count(*) as journal_count,
    round(
        100.0 * count(*)
        / sum(count(*)) over (partition by family_months.country_code), 1
    ) as journal_percent,
    round(
        100.0 * count(*) filter (where family_months.journal_status_code = 'late')
        / count(*), 1
    ) as late_percent
from marts.fct_family_months as family_months
inner join marts.dim_days as calendar_days
    on family_months.first_received_date = calendar_days.calendar_date
where family_months.journal_status_code in ('on_time', 'late')
group by
    family_months.country_code,
    calendar_days.weekday_number,
    calendar_days.weekday_name
order by family_months.country_code, calendar_days.weekday_number
