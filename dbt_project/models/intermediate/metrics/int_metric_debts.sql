with

panels as (

    select * from {{ ref('int_metric_panels') }}
    where window_code = 'launch_to_end' and measure_code = 'debt_balance'

),

answers as (

    {{ answers_of_months(
        [{'measured': 'debt_balance_local'}], unit_code='currency_code'
    ) }}

),

sums as (

    {{ answers_summed('answers', money='measured', windows=false, is_one_each=true) }}

),

growths as (

    {{ compare_ends('panels', 'growth') }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M20', ['growths', 'levels']) }}
