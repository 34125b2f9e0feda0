with

peer_meetings as (

    select * from {{ ref('int_peer_meetings_known') }}

),

peer_group_sites as (

    select * from {{ ref('int_peer_group_sites') }}

),

sites as (

    select * from {{ ref('stg_registry__sites') }}

),

-- A group meets once a day: a second report of that day replaces the first.
meetings_ranked as (

    select
        *,
        row_number() over (
            partition by release_code, peer_group_code, meeting_date
            order by received_at desc, length(submission_id) desc, submission_id desc
        ) as newness_rank
    from peer_meetings
    where
        release_code = 'live'
        and is_accepted
        and peer_group_code is not null
        and meeting_date is not null

)

select
    meetings_ranked.peer_group_code,
    meetings_ranked.meeting_date,
    peer_group_sites.site_code,
    sites.country_code,
    sites.currency_code,
    meetings_ranked.mode_code as meeting_mode_code,
    meetings_ranked.led_by_code,
    meetings_ranked.meeting_minutes,
    meetings_ranked.attending_family_codes,
    meetings_ranked.strategies_shared,
    meetings_ranked.group_contributed_local,
    meetings_ranked.group_balance_local,
    meetings_ranked.group_lent_local,
    meetings_ranked.has_reviewed_data,
    case
        when meetings_ranked.has_reviewed_data
            then meetings_ranked.has_told_question
    end as has_data_question,
    case
        when meetings_ranked.has_reviewed_data
            then meetings_ranked.has_told_decision
    end as has_data_decision,
    date_trunc(
        'month', coalesce(meetings_ranked.meeting_month, meetings_ranked.meeting_date)
    )::date as meeting_month
from meetings_ranked
inner join peer_group_sites
    on
        meetings_ranked.release_code = peer_group_sites.release_code
        and meetings_ranked.peer_group_code = peer_group_sites.peer_group_code
inner join sites on peer_group_sites.site_code = sites.site_code
where meetings_ranked.newness_rank = 1
