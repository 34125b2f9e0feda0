with

goals as (

    select * from {{ ref('int_metric_goals') }}
    where release_code = 'live'

),

family_months as (

    select * from {{ ref('int_family_months') }}
    where release_code = 'live'

),

changes as (

    select
        family_key,
        set_month as changed_month,
        1 as set_count,
        0 as achieved_count
    from goals
    union all
    select
        family_key,
        achieved_month as changed_month,
        0 as set_count,
        1 as achieved_count
    from goals
    where achieved_month is not null
    union all
    select
        family_key,
        journal_month as changed_month,
        0 as set_count,
        0 as achieved_count
    from family_months

),

changes_summed as (

    select
        family_key,
        changed_month,
        sum(set_count) as set_count,
        sum(achieved_count) as achieved_count
    from changes
    group by family_key, changed_month

)

select
    family_key,
    changed_month as journal_month,
    -- Whoever has none yet tells of none.
    nullif(sum(set_count) over earlier, 0) as goal_set_count,
    nullif(sum(achieved_count) over earlier, 0) as goal_achieved_count
from changes_summed
window earlier as (partition by family_key order by changed_month)
