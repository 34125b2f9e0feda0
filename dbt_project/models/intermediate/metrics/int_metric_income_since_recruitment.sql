with

panels as (

    select * from {{ ref('int_metric_panels') }}
    where window_code = 'recruitment_to_launch' and measure_code = 'income'

),

growths as (

    {{ compare_ends('panels', 'growth') }}

),

changes as (

    {{ family_changes('panels') }}

)

{{ metric_rows('M02', ['growths', 'changes']) }}
