-- Topic: Journals
-- Question: Did a new version of the journal form change how many families report?
-- Asked by: analyst, data engineer
-- Read: months whose journals were asked with each version: how many were reported and
--   how many in time.
-- Traps: a month is given to the version that was deployed when the month ended; a
--   phone may have kept an older one. Versions follow one another in time, so the
--   season and the age of the programme changed with them: no cause can be read off.
-- Definition: journal_status_code, dim_form_versions
-- Release: live
with

versions as (

    select
        form_id,
        form_version_name,
        version_number,
        question_count,
        (deployed_at at time zone 'UTC')::date as deployed_date,
        (
            lead(deployed_at) over (
                partition by form_id order by version_number
            ) at time zone 'UTC'
        )::date as replaced_date
    from marts.dim_form_versions
    where form_role_code = 'journal'

)

select
    versions.form_id,
    versions.form_version_name,
    versions.question_count,
    count(*) as expected_journal_count,
    round(
        100.0 * count(*) filter (
            where family_months.journal_status_code in ('on_time', 'late')
        ) / count(*), 1
    ) as reported_percent,
    round(
        100.0 * count(*) filter (
            where family_months.journal_status_code = 'on_time'
        ) / count(*), 1
    ) as on_time_percent
from marts.fct_family_months as family_months
inner join marts.dim_months as months
    on family_months.journal_month = months.journal_month
inner join versions
    on
        months.month_last_date >= versions.deployed_date
        and (
            versions.replaced_date is null
            or months.month_last_date < versions.replaced_date
        )
where family_months.journal_status_code not in ('paused', 'not_yet_due')
group by
    versions.form_id,
    versions.form_version_name,
    versions.version_number,
    versions.question_count
order by versions.form_id, versions.version_number
