with

answers as (

    {{ answers_of_months([
        {
            'measured': 'income_local'
        },
        {
            'denominator_code': 'per_capita',
            'measured': 'income_local / nullif(household_member_count, 0)'
        }
    ], unit_code='currency_code') }}

),

sums as (

    {{ answers_summed('answers', money='measured', is_one_each=true) }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M01', ['levels']) }}
