with

answers as (

    {{ answers_of_months([
        {
            'denominator_code': 'per_adult_equivalent',
            'measured': 'income_local / adult_equivalent_count'
        }
    ], unit_code='currency_code') }}

),

sums as (

    {{ answers_summed('answers', money='measured', is_one_each=true) }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M13', ['levels']) }}
