with

answers as (

    {{ answers_of_months([
        {
            'category_code': 'family',
            'measured': '
                case when has_received_report then has_decided_from_report::integer end'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', windows=false, is_one_each=true) }}

),

shares as (

    {{ share_of_group_sums('sums') }}

)

{{ metric_rows('M56', ['shares']) }}
