-- A view: whether a pull came through is to be seen without a build after it.
-- It reads as its owner, since no reader may read ops; there is no family in it.
{{ config(materialized='view', post_hook='{{ read_as_owner() }}') }}

with

sync_runs as (

    select * from {{ ref('stg_operations__sync_runs') }}

),

reconciliations as (

    select * from {{ ref('stg_operations__reconciliations') }}

)

select
    sync_runs.run_id,
    sync_runs.form_id,
    sync_runs.role_code,
    sync_runs.server_name,
    sync_runs.kind_code as run_kind_code,
    sync_runs.status_code as run_status_code,
    sync_runs.failure_code,
    reconciliations.server_count,
    reconciliations.live_count,
    reconciliations.new_count,
    reconciliations.edited_count,
    reconciliations.reviewed_count,
    reconciliations.deleted_count,
    reconciliations.restored_count,
    reconciliations.rejected_count,
    reconciliations.unmapped_question_count,
    reconciliations.difference_count,
    sync_runs.started_at,
    sync_runs.ended_at
from sync_runs
left join reconciliations
    on
        sync_runs.run_id = reconciliations.run_id
        and sync_runs.form_id = reconciliations.form_id
