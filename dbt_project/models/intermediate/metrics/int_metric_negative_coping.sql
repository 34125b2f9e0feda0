with

answers as (

    {{ answers_of_months([
        {'measured': 'case when has_shock then has_negative_coping::integer end'}
    ]) }}

),

families as (

    {{ each_month_by_itself('answers') }}
    union all
    {{ ever_in_window('answers') }}

),

shares as (

    {{ share_of_families('families') }}

)

{{ metric_rows('M26', ['shares']) }}
