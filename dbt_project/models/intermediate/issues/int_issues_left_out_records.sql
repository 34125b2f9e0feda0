with

submissions as (

    select * from {{ ref('int_submissions_known') }}

),

journals as (

    select * from {{ ref('int_journals_known') }}
    where release_code = 'live'

),

enrolments as (

    select * from {{ ref('int_enrolments_known') }}
    where release_code = 'live'

),

journals_tested as (

    select * from {{ ref('int_test_submissions') }}

),

left_out as (

    select
        form_role_code,
        root_id,
        site_code,
        family_key,
        'not accepted in review' as reason,
        known_at
    from submissions
    where not is_accepted
    union all
    select
        'journal' as form_role_code,
        root_id,
        site_code,
        null as family_key,
        'the family did not want to share this month' as reason,
        known_at
    from journals
    where is_accepted and is_sharing is false
    union all
    select
        'enrolment' as form_role_code,
        root_id,
        site_code,
        null as family_key,
        'the family did not agree to a journal' as reason,
        known_at
    from enrolments
    where is_accepted and consents_to_journal is not true
    union all
    select
        form_role_code,
        root_id,
        site_code,
        null as family_key,
        'a test' as reason,
        known_at
    from journals_tested

)

select
    {{ issue_columns(
        'left_out_record',
        ['root_id'],
        form_role_code='form_role_code',
        journal_month='null',
        observed='reason',
    ) }}
from left_out
