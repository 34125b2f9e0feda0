with

panels as (

    select * from {{ ref('int_metric_panels') }}
    where window_code = 'launch_to_end' and measure_code = 'savings_balance'

),

panels_by_month as (

    {{ each_end_by_itself(balanced('panels')) }}

),

growths as (

    {{ compare_ends('panels', 'growth') }}

),

levels as (

    {{ ratio_of_sums('panels_by_month', 'level') }}

)

{{ metric_rows('M16', ['growths', 'levels']) }}
