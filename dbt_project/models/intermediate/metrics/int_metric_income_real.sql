with

since_launch as (

    select * from {{ ref('int_metric_income_since_launch') }}

),

chained as (

    select * from {{ ref('int_metric_income_chained') }}

),

-- The same figures under the name that readers of real change look for.
deflated as (

    select * from since_launch
    where price_code = 'real'
    union all
    select * from chained
    where price_code = 'real'

)

{{ metric_rows('M06', ['deflated']) }}
