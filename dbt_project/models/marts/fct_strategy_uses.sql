with

goal_updates as (

    select * from {{ ref('int_goal_updates_exploded') }}
    where {{ of_touched_families('family_key') }}

),

-- Used for several goals in one month, a strategy is one use: the first that is told.
uses_ranked as (

    select
        *,
        count(*) over same_use as goal_update_count,
        row_number() over (same_use order by line_number) as telling_rank
    from goal_updates
    where strategy_code is not null
    window same_use as (partition by family_key, journal_month, strategy_code)

)

select
    family_key,
    journal_month,
    strategy_code,
    country_code,
    site_code,
    peer_group_code,
    cohort_code,
    goal_status_code,
    learned_from_code,
    goal_update_count::integer as goal_update_count
from uses_ranked
where telling_rank = 1
