with

answers as (

    {{ answers_of_months([
        {
            'category_code': 'service',
            'measured': 'debt_paid_local',
            'weight': 'income_local'
        }
    ], unit_code='currency_code') }}

),

sums as (

    {{ answers_summed('answers', money='both', is_one_each=true) }}

),

shares as (

    {{ ratio_of_group_sums('sums', 'share') }}

)

{{ metric_rows('M20', ['shares']) }}
