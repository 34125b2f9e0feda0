with

answers as (

    {{ answers_of_months([
        {
            'denominator_code': 'per_adult_equivalent',
            'measured': '
                income_local / (1 + 0.5 * greatest(household_member_count -
                household_under_14_count - 1, 0) + 0.3 * household_under_14_count)'
        }
    ], unit_code='currency_code') }}

),

sums as (

    {{ answers_summed('answers', money='measured') }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M13', ['levels']) }}
