with

journals as (

    select * from {{ ref('int_metric_journals') }}

),

enrolments as (

    select * from {{ ref('int_enrolments_latest') }}

),

families as (

    select * from {{ ref('int_families') }}
    where consents_to_aggregates

),

last_months as (

    select
        release_code,
        family_key,
        max(journal_month) as last_month
    from journals
    group by release_code, family_key

),

goal_events as (

    select
        journals.release_code,
        journals.family_key,
        journals.site_code,
        journals.peer_group_code,
        goal.goal_number,
        goal.goal_status_code,
        goal.goal_domain_code,
        journals.journal_month as event_month
    from
        journals,
        jsonb_array_elements(journals.goal_updates) as listed (answers),
        jsonb_to_record(listed.answers) as goal (
            goal_number integer, goal_status_code text, goal_domain_code text
        )
    where goal.goal_number is not null
    union all
    select
        enrolments.release_code,
        enrolments.family_key,
        enrolments.site_code,
        enrolments.peer_group_code,
        goal.goal_number,
        'new' as goal_status_code,
        goal.goal_domain_code,
        date_trunc('month', enrolments.enrolled_date)::date as event_month
    from
        enrolments,
        jsonb_array_elements(enrolments.goals) as listed (answers),
        jsonb_to_record(listed.answers) as goal (
            goal_number integer, goal_domain_code text
        )
    where goal.goal_number is not null

),

goals as (

    select
        release_code,
        family_key,
        goal_number,
        (array_agg(site_code order by event_month))[1] as site_code,
        (array_agg(peer_group_code order by event_month))[1] as peer_group_code,
        (
            array_agg(goal_domain_code order by event_month)
            filter (where goal_domain_code is not null)
        )[1] as goal_domain_code,
        min(event_month) as set_month,
        min(event_month) filter (where goal_status_code = 'achieved')
            as achieved_month,
        min(event_month) filter (where goal_status_code = 'dropped') as dropped_month
    from goal_events
    group by release_code, family_key, goal_number

)

-- A goal that was changed is still the family's goal: neither failed nor a new one.
select
    goals.release_code,
    goals.family_key,
    goals.goal_number,
    families.country_code,
    goals.site_code,
    families.cohort_code,
    goals.peer_group_code,
    goals.goal_domain_code,
    goals.set_month,
    goals.achieved_month,
    least(goals.achieved_month, goals.dropped_month) as closed_month,
    last_months.last_month
from goals
inner join families
    on
        goals.release_code = families.release_code
        and goals.family_key = families.family_key
inner join last_months
    on
        goals.release_code = last_months.release_code
        and goals.family_key = last_months.family_key
