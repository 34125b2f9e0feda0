with

reconciliations as (

    select * from {{ source('operations', 'reconciliations') }}

)

select
    run_id,
    form_id,
    server_count,
    live_count,
    new_count,
    edited_count,
    reviewed_count,
    deleted_count,
    restored_count,
    rejected_count,
    unmapped_question_count,
    difference_count
from reconciliations
