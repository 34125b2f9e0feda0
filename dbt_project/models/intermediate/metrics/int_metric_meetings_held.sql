with

meetings as (

    select * from {{ ref('int_metric_meetings') }}

),

answers as (

    {{ answers_of('meetings', [
        {
            'category_code': 'held',
            'measured': 'group_part * (meeting_count > 0)::integer',
            'weight': 'group_part'
        },
        {
            'category_code': 'data_review',
            'measured': 'group_part * review_count',
            'weight': 'case when meeting_count > 0 then group_part * meeting_count end'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers') }}

),

shares as (

    {{ ratio_of_group_sums('sums', 'share') }}

)

{{ metric_rows('M44', ['shares']) }}
