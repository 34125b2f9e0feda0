with

meetings as (

    select * from {{ ref('int_peer_meetings_latest') }}

),

meeting_families as (

    select * from {{ ref('int_meeting_families') }}

),

families_counted as (

    select
        peer_group_code,
        meeting_date,
        count(*) filter (where has_attended) as attending_family_count,
        count(*) filter (where is_expected) as expected_family_count
    from meeting_families
    group by peer_group_code, meeting_date

)

select
    meetings.peer_group_code,
    meetings.meeting_date,
    meetings.meeting_month,
    meetings.country_code,
    meetings.site_code,
    meetings.currency_code,
    meetings.meeting_mode_code,
    meetings.led_by_code,
    meetings.meeting_minutes,
    coalesce(families_counted.attending_family_count, 0)::integer
        as attending_family_count,
    coalesce(families_counted.expected_family_count, 0)::integer
        as expected_family_count,
    coalesce(jsonb_array_length(meetings.strategies_shared), 0)
        as strategy_shared_count,
    meetings.group_contributed_local,
    meetings.group_balance_local,
    meetings.group_lent_local,
    meetings.has_reviewed_data,
    meetings.has_data_question,
    meetings.has_data_decision
from meetings
left join families_counted
    on
        meetings.peer_group_code = families_counted.peer_group_code
        and meetings.meeting_date = families_counted.meeting_date
