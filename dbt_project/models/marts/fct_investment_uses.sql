with

stages as (

    select * from {{ ref('int_investment_stages_latest') }}

),

investments as (

    select * from {{ ref('int_investments') }}

)

select
    investments.family_key,
    investments.investment_code,
    spending.answers ->> 'use_code' as use_code,
    investments.country_code,
    investments.site_code,
    investments.peer_group_code,
    investments.cohort_code,
    investments.currency_code,
    sum((spending.answers ->> 'spent_local')::numeric(14, 2))::numeric(14, 2)
        as spent_local,
    stages.stage_date as followed_up_date
from stages
inner join investments
    on
        stages.release_code = investments.release_code
        and stages.investment_code = investments.investment_code
cross join
    lateral
    jsonb_array_elements(stages.spendings) as spending (answers)
where
    stages.release_code = {{ shown_release() }}
    and stages.stage_code = 'followup'
    and spending.answers ->> 'use_code' is not null
group by
    investments.family_key,
    investments.investment_code,
    spending.answers ->> 'use_code',
    investments.country_code,
    investments.site_code,
    investments.peer_group_code,
    investments.cohort_code,
    investments.currency_code,
    stages.stage_date
