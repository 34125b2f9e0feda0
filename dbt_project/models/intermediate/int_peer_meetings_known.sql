with

peer_meetings as (

    select * from {{ ref('stg_forms__peer_meetings') }}

),

releases as (

    select * from {{ ref('int_releases') }}

),

versions_known as (

    select
        releases.release_code,
        peer_meetings.*,
        row_number() over (
            partition by
                releases.release_code,
                peer_meetings.form_id,
                peer_meetings.submission_id
            order by peer_meetings.version_number desc
        ) as newness_rank
    from peer_meetings
    inner join releases on peer_meetings.known_at <= releases.known_as_of

)

select
    release_code,
    form_id,
    submission_id,
    version_number,
    root_id,
    site_code,
    peer_group_code,
    meeting_month,
    meeting_date,
    mode_code,
    meeting_minutes,
    attending_family_codes,
    led_by_code,
    has_reviewed_data,
    has_told_question,
    has_told_decision,
    strategies_shared,
    group_contributed_local,
    group_balance_local,
    group_lent_local,
    review_state_code in ('none', 'approved') as is_accepted,
    received_at,
    known_at
from versions_known
where
    newness_rank = 1
    and change_code <> 'deleted'
    and entered_by_id is distinct from 'demo'
