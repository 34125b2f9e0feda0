with

investments as (

    select * from {{ ref('int_metric_investments') }}

),

answers as (

    {{ answers_of('investments', [
        {'category_code': 'peer_tested', 'measured': 'is_peer_tested::integer'}
    ], month='paid_month') }}

),

sums as (

    {{ answers_summed('answers') }}

),

amounts as (

    {{ answers_of('investments', [
        {
            'category_code': 'own_contribution',
            'measured': 'own_contribution_local',
            'weight': 'paid_local'
        }
    ], month='paid_month', unit_code='currency_code') }}

),

amount_sums as (

    {{ answers_summed('amounts', money='both') }}

),

shares as (

    {{ ratio_of_group_sums('sums', 'share') }}

),

amount_shares as (

    {{ ratio_of_group_sums('amount_sums', 'share') }}

)

{{ metric_rows('M35', ['shares', 'amount_shares']) }}
