-- Nothing is silently dropped: each journal on a form server counts in a month, or an
-- issue says why it does not. It says nothing about journals that were deleted there,
-- or that are of families that asked for erasure.
with

records as (

    select * from {{ ref('int_records_known') }}
    where form_role_code = 'journal'

),

journals_counted as (

    select * from {{ ref('int_journals_latest') }}
    where release_code = 'live'

),

issues as (

    select * from {{ ref('data_issues') }}
    where issue_status_code <> 'closed'

),

departures as (

    select * from {{ ref('int_families_departed') }}
    where release_code = 'live' and is_erased

)

select
    records.form_id,
    records.submission_id
from records
left join journals_counted
    on
        records.form_id = journals_counted.form_id
        and records.submission_id = journals_counted.submission_id
left join issues
    on
        records.form_role_code = issues.form_role_code
        and records.root_id = issues.root_id
left join departures on records.family_key = departures.family_key
where
    journals_counted.form_id is null
    and issues.issue_id is null
    and departures.family_key is null
