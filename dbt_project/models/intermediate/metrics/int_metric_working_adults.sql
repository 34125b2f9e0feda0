with

answers as (

    {{ answers_of_months([
        {
            'measured': 'working_adult_count',
            'weight': 'household_adult_count'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', is_one_each=true) }}

),

shares as (

    {{ ratio_of_group_sums('sums', 'share') }}

)

{{ metric_rows('M14', ['shares']) }}
