with

answers as (

    {{ answers_of_months([
        {
            'category_code': 'received',
            'measured': 'received_local',
            'weight': 'income_local'
        },
        {
            'category_code': 'net_given',
            'measured': 'given_local - received_local',
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

{{ metric_rows('M37', ['shares']) }}
