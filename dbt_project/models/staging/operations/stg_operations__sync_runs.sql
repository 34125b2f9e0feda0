with

sync_runs as (

    select * from {{ source('operations', 'sync_runs') }}

)

select
    run_id,
    form_id,
    kind_code,
    status_code,
    started_at
from sync_runs
