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

families_left_out as (

    select * from {{ ref('int_families_left_out') }}
    where release_code = 'live'

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
left join families_left_out on records.family_key = families_left_out.family_key
where
    journals_counted.form_id is null
    and issues.issue_id is null
    and families_left_out.family_key is null
