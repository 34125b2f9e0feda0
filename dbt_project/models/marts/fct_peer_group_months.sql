with

totals as (

    select * from {{ ref('int_peer_group_totals') }}

),

meetings as (

    select * from {{ ref('fct_peer_group_meetings') }}

),

sharing as (

    select * from {{ ref('int_sharing_thresholds') }}

),

meetings_counted as (

    select
        peer_group_code,
        meeting_month,
        count(*) as meeting_count,
        (array_agg(attending_family_count order by meeting_date desc))[1]
            as last_meeting_family_count,
        (array_agg(group_balance_local order by meeting_date desc))[1]
            as group_savings_local
    from meetings
    group by peer_group_code, meeting_month

)

select
    totals.peer_group_code,
    totals.journal_month,
    totals.country_code,
    totals.site_code,
    totals.currency_code,
    totals.expected_family_count::integer as expected_family_count,
    totals.reported_family_count::integer as reported_family_count,
    totals.is_agreed_by_all,
    sharing.least_group_count,
    totals.savings_family_count::integer as savings_family_count,
    (
        {{ told_to_group('savings_total_local', 'savings_family_count') }}
    )::numeric(14, 2) as savings_total_local,
    totals.given_family_count::integer as given_family_count,
    (
        {{ told_to_group('given_total_local', 'given_family_count') }}
    )::numeric(14, 2) as given_total_local,
    totals.received_family_count::integer as received_family_count,
    (
        {{ told_to_group('received_total_local', 'received_family_count') }}
    )::numeric(14, 2) as received_total_local,
    totals.goal_family_count::integer as goal_family_count,
    ({{ told_to_group('goal_set_total', 'goal_family_count') }})::integer
        as goal_set_count,
    totals.achieving_family_count::integer as achieving_family_count,
    -- All of them is as much of each as none of them.
    nullif(
        {{ told_to_group('goal_achieved_total', 'achieving_family_count') }},
        totals.goal_set_total
    )::integer as goal_achieved_count,
    coalesce(meetings_counted.meeting_count, 0)::integer as meeting_count,
    meetings_counted.last_meeting_family_count,
    meetings_counted.group_savings_local::numeric(14, 2) as group_savings_local
from totals
cross join sharing
-- Left join: a group need not meet.
left join meetings_counted
    on
        totals.peer_group_code = meetings_counted.peer_group_code
        and totals.journal_month = meetings_counted.meeting_month
