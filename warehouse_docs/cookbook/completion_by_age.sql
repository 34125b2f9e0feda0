-- Topic: Journals
-- Question: Do families tire of the journal as the months go by?
-- Asked by: program lead
-- Read: per cent of the expected journals that came, by half-years since launch, and
--   how many of those came in time.
-- Traps: families that left are not expected any more, so this can rise while families
--   leave; read it beside retention_percent.
-- Definition: journal_status_code; retention_share of the monthly marts
-- Release: live
with

months as (

    select
        cohort_code,
        months_since_launch_count / 6 as half_year_number,
        count(*) filter (where journal_status_code <> 'paused') as expected_count,
        count(*) filter (where journal_status_code in ('on_time', 'late'))
            as reported_count,
        count(*) filter (where journal_status_code = 'on_time') as on_time_count
    from marts.fct_family_months
    where months_since_launch_count >= 0
    group by cohort_code, months_since_launch_count / 6

),

retention as (

    select
        cohort_code,
        months_since_launch_count / 6 as half_year_number,
        min(retention_share) as retention_share
    from marts.fct_cohort_months
    group by cohort_code, months_since_launch_count / 6

)

select
    months.cohort_code,
    6 * months.half_year_number as from_month_number,
    months.expected_count as expected_journal_count,
    round(100.0 * months.reported_count / months.expected_count, 1)
        as reported_percent,
    round(100.0 * months.on_time_count / months.expected_count, 1)
        as on_time_percent,
    round(100 * retention.retention_share, 1) as retention_percent
from months
left join retention
    on
        months.cohort_code = retention.cohort_code
        and months.half_year_number = retention.half_year_number
order by months.cohort_code, months.half_year_number
