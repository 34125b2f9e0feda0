with

investments as (

    select * from {{ ref('int_metric_investments') }}

),

stages as (

    select * from {{ ref('int_investment_stages_latest') }}
    where stage_code = 'followup'

),

spendings as (

    select
        stages.release_code,
        stages.investment_code,
        spending.answers ->> 'use_code' as use_code,
        sum((spending.answers ->> 'spent_local')::numeric) as spent_local
    from
        stages,
        jsonb_array_elements(stages.spendings) as spending (answers)
    where spending.answers ->> 'use_code' is not null
    group by
        stages.release_code,
        stages.investment_code,
        spending.answers ->> 'use_code'

),

-- What the follow-up says was spent on each use divides the investment; before there is
-- one, all of it is for the main use of the request.
investments_divided as (

    select
        investments.*,
        coalesce(spendings.use_code, investments.main_use_code) as use_code,
        case
            when spendings.use_code is null then 1
            else
                spendings.spent_local
                / nullif(
                    sum(spendings.spent_local) over (
                        partition by
                            investments.release_code, investments.investment_code
                    ),
                    0
                )
        end as use_share
    from investments
    left join spendings
        on
            investments.release_code = spendings.release_code
            and investments.investment_code = spendings.investment_code

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
