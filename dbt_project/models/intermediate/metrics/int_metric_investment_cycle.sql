with

investments as (

    select * from {{ ref('int_metric_investments') }}

),

answers as (

    {{ answers_of('investments', [
        {'measured': 'request_to_payment_days'}
    ], month='paid_month') }}

),

days as (

    {{ each_window_by_itself('answers') }}

),

spread as (

    {{ spread_of_rows('days') }}

)

{{ metric_rows('M32', ['spread']) }}
