with

answers as (

    {{ answers_of_months([
        {
            'category_code': 'received',
            'measured': 'has_received_report::integer'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', windows=false, is_one_each=true) }}

),

shares as (

    {{ share_of_group_sums('sums') }}

)

{{ metric_rows('M54', ['shares']) }}
