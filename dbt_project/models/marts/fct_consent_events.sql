with

enrolments as (

    select * from {{ ref('int_enrolments_latest') }}

),

families as (

    select * from {{ ref('int_families') }}

),

exits as (

    select * from {{ ref('int_exits_resolved') }}

),

consents as (

    select
        enrolments.family_key,
        consent.consent_code,
        enrolments.enrolled_date as event_date,
        case when consent.is_granted then 'granted' else 'refused' end
            as consent_event_code
    from enrolments
    cross join
        lateral (
            values
            ('journal', enrolments.consents_to_journal),
            ('aggregates', enrolments.consents_to_aggregates),
            ('cross_border', enrolments.consents_to_cross_border),
            ('health', enrolments.consents_to_health),
            ('keep', enrolments.consents_to_keep)
        ) as consent (consent_code, is_granted)
    where
        enrolments.release_code = {{ shown_release() }}
        and consent.is_granted is not null

),

wishes as (

    select
        family_key,
        'data' as consent_code,
        exit_date as event_date,
        min(data_wish_code) as consent_event_code
    from exits
    where release_code = {{ shown_release() }} and data_wish_code is not null
    group by family_key, exit_date

),

events as (

    select
        family_key,
        consent_code,
        event_date,
        consent_event_code
    from consents
    union all
    select
        family_key,
        consent_code,
        event_date,
        consent_event_code
    from wishes

)

select
    events.family_key,
    events.consent_code,
    events.event_date,
    families.country_code,
    families.cohort_code,
    events.consent_event_code
from events
inner join families
    on
        events.family_key = families.family_key
        and families.release_code = {{ shown_release() }}
