with

dbt_results as (

    select * from {{ source('operations', 'dbt_results') }}

)

select
    run_id,
    node,
    status_code,
    seconds,
    ended_at
from dbt_results
