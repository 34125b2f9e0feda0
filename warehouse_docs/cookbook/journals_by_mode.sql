-- Topic: Journals
-- Question: How are journals filled in, and do visits bring more answers?
-- Asked by: program lead
-- Read: per country and mode: its share of the journals, and how many questions were
--   answered on average.
-- Traps: form versions and quarterly modules ask more or fewer questions, and liaisons
--   visit those who need it: the mode is not the cause of the number.
-- Definition: mode_code, data_point_count
-- Release: live
select
    country_code,
    mode_code,
    count(*) as journal_count,
    round(100.0 * count(*) / sum(count(*)) over (partition by country_code), 1)
        as journal_percent,
    round(avg(data_point_count), 0) as data_point_mean
from marts.fct_family_months
where journal_status_code in ('on_time', 'late')
group by country_code, mode_code
order by country_code, mode_code
