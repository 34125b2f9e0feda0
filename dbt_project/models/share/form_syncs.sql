-- A view: whether a pull came through is to be seen without a build after it.
-- It reads as its owner, since no reader may read ops; there is no family in it.
{{ config(materialized='view', post_hook='{{ read_as_owner() }}') }}

{%- set newest_counts = [
    'rejected_count', 'unmapped_question_count', 'difference_count'
] %}
{%- set changes = ['new', 'edited', 'reviewed', 'deleted', 'restored'] %}
with

sharing as (select * from {{ ref('stg_registry__sharing') }}),

sync_runs as (

    select * from {{ ref('stg_operations__sync_runs') }}

),

reconciliations as (

    select * from {{ ref('stg_operations__reconciliations') }}

),

-- What one run found is one or two records on most days: an exit, an erasure. So counts
-- stand at the newest run that has them, over all runs together; each by itself is in
-- ops.reconciliations.
compared as (

    select
        reconciliations.*,
        row_number() over (
            partition by sync_runs.form_id order by sync_runs.started_at desc
        ) = 1 as is_newest,
        {%- for change in changes %}
        sum(reconciliations.{{ change }}_count) over (
            partition by sync_runs.form_id
        ) as total_{{ change }}_count{{ ',' if not loop.last }}
        {%- endfor %}
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
    sync_runs.role_code,
    sync_runs.server_name,
    sync_runs.kind_code as run_kind_code,
    sync_runs.status_code as run_status_code,
    sync_runs.failure_code,
    {{ unless_few('compared.server_count') }} as server_count,
    {{ unless_few('compared.live_count') }} as live_count,
    {%- for change in changes %}
    {{ in_steps_of_k('compared.total_' ~ change ~ '_count') }}
        as total_{{ change }}_count,
    {%- endfor %}
    {%- for count in newest_counts %}
    compared.{{ count }},
    {%- endfor %}
    sync_runs.started_at,
    sync_runs.ended_at
from sync_runs
left join compared
    on
        sync_runs.run_id = compared.run_id
        and sync_runs.form_id = compared.form_id
        and compared.is_newest
