-- Topic: Goals
-- Question: What has become of goals, by how long ago they were set?
-- Asked by: program lead
-- Read: goals by age at the end of the year asked about: how many are achieved, given
--   up or still open. Older goals had more time.
-- Traps: a changed goal is not a failed one. A goal with no word after it was set is
--   open. Goals set at enrolment and in journals are counted alike.
-- Definition: fct_goal_events; M42, M43
-- Release: live
with

asked as (

    select date '2021-07-01' as end_month

),

goals as (

    select
        events.country_code,
        events.family_key,
        events.goal_number,
        min(events.event_month) as set_month,
        bool_or(events.goal_status_code = 'achieved') as is_achieved,
        bool_or(events.goal_status_code = 'dropped') as is_dropped
    from marts.fct_goal_events as events
    inner join asked on events.event_month <= asked.end_month
    inner join marts.dim_families as families
        on events.family_key = families.family_key
    where families.has_consented_to_aggregates is not false
    group by events.country_code, events.family_key, events.goal_number

),

aged as (

    select
        goals.country_code,
        goals.family_key,
        goals.is_achieved,
        goals.is_dropped,
        case
            when goals.set_month > asked.end_month - interval '6 months'
                then '0-5 months'
            when goals.set_month > asked.end_month - interval '12 months'
                then '06-11 months'
            else '12 months or more'
        end as goal_age
    from goals
    cross join asked

)

select
    country_code,
    goal_age,
    count(*) as goal_count,
    count(distinct family_key) as family_count,
    round(100.0 * count(*) filter (where is_achieved) / count(*), 0)
        as achieved_percent,
    round(
        100.0 * count(*) filter (where is_dropped and not is_achieved) / count(*), 0
    ) as dropped_percent
from aged
group by country_code, goal_age
having count(distinct family_key) >= 10
order by country_code, goal_age
