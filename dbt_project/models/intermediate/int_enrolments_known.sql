with

enrolments as (

    select * from {{ ref('stg_forms__enrolments') }}

),

releases as (

    select * from {{ ref('int_releases') }}

),

versions_known as (

    select
        releases.release_code,
        enrolments.*,
        row_number() over (
            partition by
                releases.release_code, enrolments.form_id, enrolments.submission_id
            order by enrolments.version_number desc
        ) as newness_rank
    from enrolments
    inner join releases on enrolments.known_at <= releases.known_as_of

)

select
    release_code,
    form_id,
    submission_id,
    version_number,
    root_id,
    site_code,
    peer_group_code,
    family_code,
    enrolled_date,
    baseline_month,
    consents_to_journal,
    consents_to_aggregates,
    consents_to_cross_border,
    consents_to_health,
    consents_to_keep,
    story_scope_code,
    preferred_language_code,
    report_format_code,
    reading_ease_code,
    goals,
    review_state_code in ('none', 'approved') as is_accepted,
    received_at,
    known_at
from versions_known
where
    newness_rank = 1
    and change_code <> 'deleted'
    and coalesce(family_code, '') not ilike 'TEST-%'
    and entered_by_id is distinct from 'demo'
