with

meetings as (

    select * from {{ ref('int_metric_meetings') }}
    where review_count > 0

),

answers as (

    {{ answers_of('meetings', [
        {
            'category_code': 'group',
            'measured': 'group_part * decision_count',
            'weight': 'group_part * review_count'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers') }}

),

shares as (

    {{ ratio_of_group_sums('sums', 'share') }}

)

{{ metric_rows('M56', ['shares']) }}
