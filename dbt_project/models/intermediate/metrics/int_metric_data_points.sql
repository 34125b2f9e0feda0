with

answers as (

    {{ answers_of_months([
        {
            'measured': 'data_point_count'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', is_one_each=true) }}

),

totals as (

    {{ total_of_group_sums('sums') }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M48', ['totals', 'levels']) }}
