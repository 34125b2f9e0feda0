with

answers as (

    {{ answers_of_months([{'measured': 'has_new_business::integer'}]) }}

),

families as (

    {{ each_month_by_itself('answers') }}
    union all
    {{ ever_in_window('answers') }}

),

shares as (

    {{ share_of_families('families') }}

),

counts as (

    {{ count_of_families('families') }}

)

{{ metric_rows('M15', ['shares', 'counts']) }}
