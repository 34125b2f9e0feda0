with

answers as (

    {{ answers_of_months([
        {
            'measured': 'device_child_count',
            'weight': 'attending_child_count'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', is_one_each=true) }}

),

shares as (

    {{ ratio_of_group_sums('sums', 'share') }}

)

{{ metric_rows('M30', ['shares']) }}
