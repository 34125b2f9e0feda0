with

exits as (

    select * from {{ ref('int_exits_resolved') }}
    where exit_kind_code = 'split'

)

select distinct
    release_code,
    family_key,
    date_trunc('month', exit_date)::date as split_month
from exits
