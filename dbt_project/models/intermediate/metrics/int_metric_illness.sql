with

answers as (

    {{ answers_of_months([
        {
            'category_code': 'ill',
            'measured': 'ill_member_count',
            'weight': 'household_member_count'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', is_one_each=true) }}

),

shares as (

    {{ ratio_of_group_sums('sums', 'share') }}

)

{{ metric_rows('M62', ['shares']) }}
