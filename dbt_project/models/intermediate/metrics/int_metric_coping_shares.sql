with

answers as (

    {{ answers_of_months([
        {
            'category_code': 'above_zero',
            'measured': '(reduced_coping_score > 0)::integer'
        },
        {
            'category_code': 'nineteen_or_more',
            'measured': '(reduced_coping_score >= 19)::integer'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', windows=false, is_one_each=true) }}

),

shares as (

    {{ share_of_group_sums('sums') }}

)

{{ metric_rows('M61', ['shares']) }}
