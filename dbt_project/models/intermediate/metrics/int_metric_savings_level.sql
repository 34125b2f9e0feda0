with

answers as (

    {{ answers_of_months([
        {
            'measured': 'savings_balance_local'
        }
    ], unit_code='currency_code') }}

),

sums as (

    {{ answers_summed('answers', money='measured', windows=false, is_one_each=true) }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M16', ['levels']) }}
