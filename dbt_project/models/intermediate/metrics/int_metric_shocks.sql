with

answers as (

    {{ answers_of_months([{'measured': 'has_shock::integer'}]) }}

),

families as (

    {{ each_month_by_itself('answers') }}
    union all
    {{ ever_in_window('answers') }}

),

shares as (

    {{ share_of_families('families') }}

)

{{ metric_rows('M24', ['shares']) }}
