with

panels as (

    select * from {{ ref('int_metric_panels') }}
    where window_code = 'launch_to_end' and measure_code = 'circle_membership'

),

panels_by_month as (

    {{ each_end_by_itself(balanced('panels')) }}

),

answers as (

    {{ answers_of_months([{'measured': 'is_in_lending_circle::integer'}]) }}

),

sums as (

    {{ answers_summed('answers', windows=false, is_one_each=true) }}

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

),

month_counts as (

    {{ total_of_group_sums('sums', 'level') }}

),

month_shares as (

    {{ share_of_group_sums('sums') }}

)

{{ metric_rows('M21', [
    'growths', 'differences', 'counts', 'shares', 'month_counts', 'month_shares'
]) }}
