with

enrolments as (

    select * from {{ ref('stg_forms__enrolments') }}
    where change_code <> 'deleted' and review_state_code in ('none', 'approved')

),

families as (

    select * from {{ ref('int_enrolments_latest') }}

),

releases as (

    select * from {{ ref('int_releases') }}

),

answers as (

    select
        families.release_code,
        families.family_key,
        consent.consent_code,
        consent.is_granted,
        enrolments.form_version_name,
        enrolments.enrolled_date,
        enrolments.received_at,
        enrolments.known_at,
        enrolments.version_number
    from enrolments
    inner join families on enrolments.family_code = families.family_code
    inner join releases
        on
            families.release_code = releases.release_code
            and enrolments.known_at <= releases.known_as_of
    cross join
        lateral (
            values
            ('journal', enrolments.consents_to_journal),
            ('aggregates', enrolments.consents_to_aggregates),
            ('cross_border', enrolments.consents_to_cross_border),
            ('health', enrolments.consents_to_health),
            ('story', enrolments.story_scope_code <> 'none'),
            ('keep', enrolments.consents_to_keep)
        ) as consent (consent_code, is_granted)
    where consent.is_granted is not null

),

answers_compared as (

    select
        *,
        lag(is_granted) over (
            partition by release_code, family_key, consent_code
            order by known_at, received_at, version_number
        ) as was_granted
    from answers

)

-- Saying the same again is no event.
select
    release_code,
    family_key,
    consent_code,
    form_version_name,
    case
        when is_granted then 'granted'
        when was_granted then 'withdrawn'
        else 'refused'
    end as consent_event_code,
    case when was_granted is null then enrolled_date else known_at::date end
        as event_date,
    known_at,
    version_number
from answers_compared
where was_granted is distinct from is_granted
