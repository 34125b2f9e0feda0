with

register_lines as (

    select
        form_id,
        submission_id,
        version_number,
        change_code,
        answers,
        known_at,
        run_id
    from {{ source('forms', 'corrections') }}

)

select
    form_id,
    submission_id,
    version_number,
    change_code,
    answers ->> 'correction_ref' as correction_id,
    answers ->> 'form_role_code' as form_role_code,
    answers ->> 'root_id' as root_id,
    answers ->> 'field_name' as field_name,
    answers ->> 'old_value' as old_value,
    answers ->> 'new_value' as new_value,
    answers ->> 'reason_code' as reason_code,
    answers ->> 'status_code' as status_code,
    (answers ->> 'approved_at')::timestamptz as approved_at,
    known_at,
    run_id
from register_lines
