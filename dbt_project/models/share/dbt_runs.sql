-- A view: what failed in a build is written down when it has ended.
-- It reads as its owner, since no reader may read ops; there is no family in it.
{{ config(materialized='view', post_hook='{{ read_as_owner() }}') }}

with

results as (select * from {{ ref('stg_operations__dbt_results') }})

select
    run_id,
    count(*) filter (where node like 'model.%')::integer as model_count,
    count(*) filter (
        where node like 'test.%' or node like 'unit_test.%'
    )::integer as test_count,
    count(*) filter (where status_code in ('error', 'fail'))::integer as failed_count,
    count(*) filter (where status_code = 'warn')::integer as warned_count,
    count(*) filter (where status_code = 'skipped')::integer as skipped_count,
    sum(seconds)::numeric(14, 3) as seconds,
    max(ended_at) as ended_at
from results
group by run_id
