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

)

-- What the follow-up says was spent on each use divides the investment; before there is
-- one, all of it is for the main use of the request.
select
    investments.release_code,
    investments.investment_code,
    investments.family_key,
    investments.country_code,
    investments.site_code,
    investments.cohort_code,
    investments.peer_group_code,
    investments.paid_month,
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
