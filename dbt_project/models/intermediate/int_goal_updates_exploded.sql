with

journals as (

    select * from {{ ref('int_journals_live') }}
    where {{ of_touched_families('family_key') }}

)

select
    journals.family_key,
    journals.journal_month,
    journals.country_code,
    journals.site_code,
    journals.peer_group_code,
    journals.cohort_code,
    listed.line_number::integer as line_number,
    answer.goal_number,
    answer.goal_status_code,
    answer.goal_domain_code,
    answer.strategy_code,
    answer.learned_from_code
from
    journals,
    jsonb_array_elements(journals.goal_updates)
    with ordinality as listed (answers, line_number),
    jsonb_to_record(listed.answers) as answer (
        goal_number integer, goal_status_code text, goal_domain_code text,
        strategy_code text, learned_from_code text
    )
