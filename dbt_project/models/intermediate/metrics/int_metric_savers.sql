with

panels as (

    select * from {{ ref('int_metric_panels') }}
    where window_code = 'launch_to_end' and measure_code = 'saver'

),

answers as (

    {{ answers_of_months([{'measured': '(savings_balance_local > 0)::integer'}]) }}

),

sums as (

    {{ answers_summed('answers', windows=false, is_one_each=true) }}

),

shares as (

    {{ share_of_group_sums('sums') }}

),

differences as (

    {{ compare_ends('panels', 'difference') }}

)

{{ metric_rows('M17', ['shares', 'differences']) }}
