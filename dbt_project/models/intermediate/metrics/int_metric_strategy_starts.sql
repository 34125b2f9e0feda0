with

journals as (

    select * from {{ ref('int_metric_journals') }}

)

-- The first month in which a family told of trying a strategy.
select
    journals.release_code,
    journals.family_key,
    goal.strategy_code,
    min(journals.journal_month) as start_month
from
    journals,
    jsonb_array_elements(journals.goal_updates) as listed (answers),
    jsonb_to_record(listed.answers) as goal (strategy_code text)
where goal.strategy_code is not null
group by
    journals.release_code,
    journals.family_key,
    goal.strategy_code
