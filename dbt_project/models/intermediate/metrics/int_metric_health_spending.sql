with

answers as (

    {{ answers_of_months([
        {
            'category_code': 'spending',
            'measured': 'health_spend_local',
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

{{ metric_rows('M62', ['shares']) }}
