with

sync_runs as (

    select * from {{ source('operations', 'sync_runs') }}

)

select
    run_id,
    run_number,
    form_id,
    role_code,
    server_name,
    kind_code,
    status_code,
    failure_code,
    started_at,
    ended_at
from sync_runs
