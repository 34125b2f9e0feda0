-- A view: whether a pull came through is to be seen without a build after it.
-- It reads as its owner, since no reader may read ops; there is no family in it.
{{ config(materialized='view', post_hook='{{ read_as_owner() }}') }}

with

sharing as (select * from {{ ref('stg_registry__sharing') }}),

sync_runs as (

    select * from {{ ref('stg_operations__sync_runs') }}

),

reconciliations as (

    select * from {{ ref('stg_operations__reconciliations') }}

),

-- What one run found is one or two records on most days: an exit, an erasure. So
-- counts are in steps of k, over all runs together, at the newest run that has them:
-- a page beside that of yesterday tells of none. Each by itself is in
-- ops.reconciliations.
compared as (

    select
        reconciliations.*,
        row_number() over (
            partition by sync_runs.form_id order by sync_runs.run_number desc
        ) = 1 as is_newest,
        sum(reconciliations.new_count) over (
            partition by sync_runs.form_id
        ) as total_new_count,
        sum(reconciliations.edited_count) over (
            partition by sync_runs.form_id
        ) as total_edited_count,
        sum(reconciliations.reviewed_count) over (
            partition by sync_runs.form_id
        ) as total_reviewed_count,
        sum(reconciliations.deleted_count) over (
            partition by sync_runs.form_id
        ) as total_deleted_count,
        sum(reconciliations.restored_count) over (
            partition by sync_runs.form_id
        ) as total_restored_count
    from sync_runs
    inner join reconciliations
        on
            sync_runs.run_id = reconciliations.run_id
            and sync_runs.form_id = reconciliations.form_id
    where reconciliations.server_count is not null

)

select
    sync_runs.run_id,
    sync_runs.form_id,
    sync_runs.run_number,
    sync_runs.role_code,
    sync_runs.server_name,
    sync_runs.kind_code as run_kind_code,
    sync_runs.status_code as run_status_code,
    sync_runs.failure_code,
    {{ in_steps_of_k('compared.server_count') }} as server_count,
    {{ in_steps_of_k('compared.live_count') }} as live_count,
    {{ in_steps_of_k('compared.total_new_count') }} as total_new_count,
    {{ in_steps_of_k('compared.total_edited_count') }} as total_edited_count,
    {{ in_steps_of_k('compared.total_reviewed_count') }} as total_reviewed_count,
    {{ in_steps_of_k('compared.total_deleted_count') }} as total_deleted_count,
    {{ in_steps_of_k('compared.total_restored_count') }} as total_restored_count,
    compared.rejected_count,
    compared.unmapped_question_count,
    compared.difference_count,
    sync_runs.started_at,
    sync_runs.ended_at
from sync_runs
left join compared
    on
        sync_runs.run_id = compared.run_id
        and sync_runs.form_id = compared.form_id
        and compared.is_newest
