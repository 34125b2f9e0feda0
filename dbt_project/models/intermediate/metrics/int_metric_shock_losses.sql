with

answers as (

    {{ answers_of_months([
        {
            'measured': 'case when has_shock then shock_loss_local end',
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

{{ metric_rows('M25', ['shares']) }}
