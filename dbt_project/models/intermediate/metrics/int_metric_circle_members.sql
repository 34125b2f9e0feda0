with

panels as (

    select * from {{ ref('int_metric_panels') }}
    where window_code = 'launch_to_end' and measure_code = 'circle_membership'

),

panels_by_month as (

    {{ each_end_by_itself('panels') }}

),

growths as (

    {{ compare_ends('panels', 'growth') }}

),

differences as (

    {{ compare_ends('panels', 'difference') }}

),

counts as (

    {{ count_of_families('panels_by_month') }}

),

shares as (

    {{ share_of_families('panels_by_month') }}

)

{{ metric_rows('M21', ['growths', 'differences', 'counts', 'shares']) }}
