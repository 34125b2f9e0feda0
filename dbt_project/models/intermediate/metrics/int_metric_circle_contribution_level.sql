with

answers as (

    {{ answers_of_months([
        {
            'measured': 'circle_contributed_local'
        },
        {
            'denominator_code': 'per_participant',
            'measured': 'circle_contributed_local',
            'weight': 'is_in_lending_circle::integer'
        }
    ], unit_code='currency_code') }}

),

sums as (

    {{ answers_summed('answers', money='measured', is_one_each=true) }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M22', ['levels']) }}
