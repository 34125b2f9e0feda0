with

answers as (

    {{ answers_of_months([
        {
            'category_code': 'thriving',
            'measured': '(ladder_now_score >= 7 and ladder_future_score >= 8)::integer'
        },
        {
            'category_code': 'suffering',
            'measured': '(ladder_now_score <= 4 and ladder_future_score <= 4)::integer'
        },
        {
            'category_code': 'struggling',
            'measured': '
                1 - (ladder_now_score >= 7 and ladder_future_score >= 8)::integer -
                (ladder_now_score <= 4 and ladder_future_score <= 4)::integer'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', windows=false, is_one_each=true) }}

),

shares as (

    {{ share_of_group_sums('sums') }}

)

{{ metric_rows('M59', ['shares']) }}
