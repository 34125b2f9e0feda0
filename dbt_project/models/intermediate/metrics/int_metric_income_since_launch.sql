with

panels as (

    select * from {{ ref('int_metric_panels') }}
    where window_code = 'launch_to_end' and measure_code = 'income'

),

growths as (

    {{ compare_ends('panels', 'growth') }}

),

changes as (

    {{ family_changes('panels') }}

)

{{ metric_rows('M03', ['growths', 'changes']) }}
