with

goal_updates as (

    select * from {{ ref('int_goal_updates_exploded') }}
    where {{ of_touched_families('family_key') }}

),

enrolments as (

    select * from {{ ref('int_enrolments_latest') }}

),

families as (

    select * from {{ ref('int_families') }}
    where {{ of_touched_families('family_key') }}

),

goals_at_enrolment as (

    select
        families.family_key,
        goal.goal_number,
        listed.line_number::integer as line_number,
        families.country_code,
        enrolments.site_code,
        enrolments.peer_group_code,
        families.cohort_code,
        goal.goal_domain_code,
        goal.target_date,
        date_trunc('month', enrolments.enrolled_date)::date as event_month
    from enrolments
    inner join families
        on
            enrolments.release_code = families.release_code
            and enrolments.family_key = families.family_key
    cross join
        lateral
        jsonb_array_elements(enrolments.goals)
        with ordinality as listed (answers, line_number)
    cross join
        lateral
        jsonb_to_record(listed.answers)
            as goal (
                goal_number integer, goal_domain_code text, target_date date
            )
    where enrolments.release_code = 'live'

)

select
    family_key,
    goal_number,
    journal_month as event_month,
    'journal' as form_role_code,
    line_number,
    country_code,
    site_code,
    peer_group_code,
    cohort_code,
    goal_status_code,
    goal_domain_code,
    strategy_code,
    learned_from_code,
    null::date as target_date
from goal_updates
where goal_number is not null
union all
select
    family_key,
    goal_number,
    event_month,
    'enrolment' as form_role_code,
    line_number,
    country_code,
    site_code,
    peer_group_code,
    cohort_code,
    'new' as goal_status_code,
    goal_domain_code,
    null as strategy_code,
    null as learned_from_code,
    target_date
from goals_at_enrolment
where goal_number is not null
