with

rejected_records as (

    -- Neither the record nor what is wrong with it in words: both may hold an answer.
    select
        form_id,
        record_hash,
        submission_id,
        last_seen_run_id,
        first_seen_at
    from {{ source('operations', 'rejected_records') }}

)

select
    form_id,
    record_hash,
    submission_id,
    last_seen_run_id,
    first_seen_at
from rejected_records
