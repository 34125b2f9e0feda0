with

answers as (

    {{ answers_of_months([
        {
            'measured': 'reduced_coping_score'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', is_one_each=true) }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M61', ['levels']) }}
