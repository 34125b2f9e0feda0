with

answers as (

    {{ answers_of_months([
        {
            'category_code': 'completed',
            'measured': "
                case when journal_status_code <> 'paused' then (journal_status_code in
                ('on_time', 'late'))::integer end"
        },
        {
            'category_code': 'on_time',
            'measured': "
                case when journal_status_code <> 'paused' then (journal_status_code =
                'on_time')::integer end"
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', is_one_each=true) }}

),

shares as (

    {{ ratio_of_group_sums('sums', 'share') }}

)

{{ metric_rows('M47', ['shares']) }}
