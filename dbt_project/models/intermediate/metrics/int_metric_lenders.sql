with

journals as (

    select * from {{ ref('int_metric_journals') }}
    where debt_balance_local > 0

),

answers as (

    {{ answers_of('journals', [
        {
            'category_code': 'moneylender_or_app',
            'measured': "(debt_lenders ?| array['money', 'app'])::integer"
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', windows=false) }}

),

shares as (

    {{ share_of_group_sums('sums') }}

)

{{ metric_rows('M20', ['shares']) }}
