with

journals_latest as (

    select * from {{ ref('int_journals_latest') }}

),

journals as (

    select * from {{ ref('stg_forms__journals') }}

)

select
    journals_latest.release_code,
    journals_latest.family_key,
    journals_latest.journal_month,
    journals.savings_places,
    journals.savings_purposes,
    journals.debt_lenders,
    journals.given_help_types,
    journals.given_to_codes,
    journals.received_help_types,
    journals.work_changes,
    journals.home_changes,
    journals.shock_types,
    journals.coping_types,
    journals.community_activities
from journals_latest
inner join journals
    on
        journals_latest.form_id = journals.form_id
        and journals_latest.submission_id = journals.submission_id
        and journals_latest.version_number = journals.version_number
