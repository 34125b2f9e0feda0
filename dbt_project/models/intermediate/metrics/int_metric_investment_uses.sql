with

investments as (

    select * from {{ ref('int_metric_investments') }}

),

investments_divided as (

    select * from {{ ref('int_metric_investments_divided') }}

),

uses as (

    select distinct use_code from investments_divided
    where use_code is not null

),

-- Every investment stands in the denominator of every use.
investments_by_use as (

    select
        investments.*,
        uses.use_code,
        coalesce(investments_divided.use_share, 0) as use_share
    from investments
    cross join uses
    left join investments_divided
        on
            investments.release_code = investments_divided.release_code
            and investments.investment_code = investments_divided.investment_code
            and uses.use_code = investments_divided.use_code

),

answers as (

    {{ answers_of('investments_by_use', [
        {'category': 'use_code', 'measured': 'use_share'}
    ], month='paid_month') }}

),

sums as (

    {{ answers_summed('answers') }}

),

named_uses as (

    {{ answers_of('investments_divided', [
        {'category': 'use_code', 'measured': 'use_share'}
    ], month='paid_month') }}

),

named_sums as (

    {{ answers_summed('named_uses') }}

),

amounts as (

    {{ answers_of('investments_by_use', [
        {
            'category': 'use_code',
            'measured': 'use_share * paid_local',
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

    {{ ratio_of_group_sums('amount_sums', 'share_of_money') }}

),

totals as (

    {{ total_of_group_sums('named_sums') }}

)

{{ metric_rows('M33', ['shares', 'amount_shares', 'totals']) }}
