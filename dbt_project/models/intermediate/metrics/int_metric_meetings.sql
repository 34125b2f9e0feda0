with

family_months as (

    select
        *,
        count(*) over (
            partition by release_code, peer_group_code, journal_month
        ) as group_family_count
    from {{ ref('int_metric_family_months') }}
    where release_code = 'live' and journal_status_code <> 'paused'

),

meetings as (

    select * from {{ ref('int_peer_meetings_latest') }}

),

meetings_of_months as (

    select
        peer_group_code,
        meeting_month,
        count(*) as meeting_count,
        count(*) filter (where has_reviewed_data) as review_count,
        count(*) filter (where has_data_decision) as decision_count
    from meetings
    group by peer_group_code, meeting_month

)

-- What a group did, shared out over its families of the month: their parts add up to
-- the group's, and whoever adds families up counts each group once.
select
    family_months.release_code,
    family_months.family_key,
    family_months.journal_month,
    family_months.country_code,
    family_months.site_code,
    family_months.cohort_code,
    family_months.peer_group_code,
    1.0 / family_months.group_family_count as group_part,
    coalesce(meetings_of_months.meeting_count, 0) as meeting_count,
    coalesce(meetings_of_months.review_count, 0) as review_count,
    coalesce(meetings_of_months.decision_count, 0) as decision_count
from family_months
left join meetings_of_months
    on
        family_months.peer_group_code = meetings_of_months.peer_group_code
        and family_months.journal_month = meetings_of_months.meeting_month
