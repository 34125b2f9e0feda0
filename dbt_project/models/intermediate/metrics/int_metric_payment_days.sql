with

payments as (

    select * from {{ ref('int_metric_journal_payments') }}

),

answers as (

    {{ answers_of('payments', [{'measured': 'accepted_to_paid_days'}]) }}

),

days as (

    {{ each_window_by_itself('answers') }}
    union all
    {{ each_month_by_itself('answers') }}

),

spread as (

    {{ spread_of_rows('days') }}

)

{{ metric_rows('M52', ['spread']) }}
