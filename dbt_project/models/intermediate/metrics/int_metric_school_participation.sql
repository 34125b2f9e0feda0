with

answers as (

    {{ answers_of_months([
        {
            'category_code': 'attending',
            'measured': 'attending_child_count',
            'weight': 'school_age_child_count'
        },
        {
            'category_code': 'absent',
            'measured': 'absent_child_count',
            'weight': 'school_age_child_count'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', is_one_each=true) }}

),

shares as (

    {{ ratio_of_group_sums('sums', 'share') }}

)

{{ metric_rows('M29', ['shares']) }}
