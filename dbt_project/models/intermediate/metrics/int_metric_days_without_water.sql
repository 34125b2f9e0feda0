with

answers as (

    {{ answers_of_months([
        {
            'category_code': 'days_without_water',
            'measured': 'without_water_days'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', is_one_each=true) }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M63', ['levels']) }}
