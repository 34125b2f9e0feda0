with

build_runs as (

    select * from {{ source('operations', 'build_runs') }}

)

select run_id from build_runs
where built_at is null
