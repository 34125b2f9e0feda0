-- No journal gets lost: each one known now belongs to a family, waits in the queue of
-- codes that nobody could resolve, or is of a family that asked for erasure.
-- It says nothing about tests and deleted journals, which are left out on purpose.
with

journals as (

    select * from {{ ref('int_journals_corrected') }}

),

journals_placed as (

    select * from {{ ref('int_journals_placed') }}

),

unresolved_codes as (

    select * from {{ ref('int_family_codes_unresolved') }}

),

families_left_out as (

    select * from {{ ref('int_families_left_out') }}

)

select
    journals.form_id,
    journals.submission_id
from journals
left join journals_placed
    on
        journals.release_code = journals_placed.release_code
        and journals.form_id = journals_placed.form_id
        and journals.submission_id = journals_placed.submission_id
left join unresolved_codes
    on
        journals.root_id = unresolved_codes.root_id
        and unresolved_codes.form_role_code = 'journal'
left join families_left_out
    on
        journals.release_code = families_left_out.release_code
        and journals.family_key = families_left_out.family_key
where
    journals.release_code = 'live'
    and journals_placed.form_id is null
    and unresolved_codes.root_id is null
    and families_left_out.family_key is null
