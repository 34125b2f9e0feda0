with

answers as (

    {{ answers_of_months([
        {
            'measured': '
                case when has_received_report then (report_usefulness_score >=
                3)::integer end'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', windows=false, is_one_each=true) }}

),

shares as (

    {{ share_of_group_sums('sums') }}

)

{{ metric_rows('M55', ['shares']) }}
