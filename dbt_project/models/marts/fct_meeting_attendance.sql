with

meeting_families as (

    select * from {{ ref('int_meeting_families') }}

),

meetings as (

    select * from {{ ref('int_peer_meetings_latest') }}

)

select
    meeting_families.family_key,
    meeting_families.peer_group_code,
    meeting_families.meeting_date,
    meetings.meeting_month,
    meetings.country_code,
    meetings.site_code,
    meeting_families.has_attended
from meeting_families
inner join meetings
    on
        meeting_families.peer_group_code = meetings.peer_group_code
        and meeting_families.meeting_date = meetings.meeting_date
