with

enrolments as (

    select * from {{ ref('int_enrolments_known') }}

),

family_keys as (

    select * from {{ ref('stg_pii__family_keys') }}

),

enrolments_ranked as (

    select
        *,
        row_number() over (
            partition by release_code, family_code
            -- Ids of a server grow: the longer number, then the greater, is newer.
            order by received_at desc, length(submission_id) desc, submission_id desc
        ) as newness_rank
    from enrolments
    -- The newest word counts, also one that takes a consent back.
    where is_accepted

)

select
    enrolments_ranked.release_code,
    family_keys.family_key,
    enrolments_ranked.family_code,
    enrolments_ranked.form_id,
    enrolments_ranked.submission_id,
    enrolments_ranked.version_number,
    enrolments_ranked.site_code,
    enrolments_ranked.peer_group_code,
    enrolments_ranked.story_scope_code,
    enrolments_ranked.preferred_language_code,
    enrolments_ranked.report_format_code,
    enrolments_ranked.reading_ease_code,
    enrolments_ranked.consents_to_journal,
    enrolments_ranked.consents_to_aggregates,
    enrolments_ranked.consents_to_cross_border,
    enrolments_ranked.consents_to_health,
    enrolments_ranked.consents_to_keep,
    enrolments_ranked.goals,
    enrolments_ranked.enrolled_date,
    date_trunc('month', enrolments_ranked.baseline_month)::date as baseline_month,
    enrolments_ranked.received_at as submitted_at
from enrolments_ranked
-- Landing gives a key to every well-formed code; another spelling has none.
inner join family_keys on enrolments_ranked.family_code = family_keys.family_code
where enrolments_ranked.newness_rank = 1
