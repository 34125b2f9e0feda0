with

answers as (

    {{ answers_of_months([
        {
            'category_code': 'payout',
            'measured': 'circle_payout_local'
        }
    ], unit_code='currency_code') }}

),

sums as (

    {{ answers_summed('answers', money='measured', is_one_each=true) }}

),

totals as (

    {{ total_of_group_sums('sums') }}

)

{{ metric_rows('M23', ['totals']) }}
