with

consent_answers as (

    select * from {{ ref('int_consent_answers') }}
    where release_code = {{ shown_release() }}

),

families as (

    select * from {{ ref('int_families') }}
    where release_code = {{ shown_release() }}

),

exits as (

    select * from {{ ref('int_exits_resolved') }}
    where release_code = {{ shown_release() }}

),

-- Whoever changed its mind within a day meant the last.
consents as (

    select distinct on (family_key, consent_code, event_date)
        family_key,
        consent_code,
        event_date,
        consent_event_code,
        form_version_name
    from consent_answers
    order by
        family_key asc,
        consent_code asc,
        event_date asc,
        known_at desc,
        version_number desc

),

wishes as (

    select
        family_key,
        'data' as consent_code,
        exit_date as event_date,
        min(data_wish_code) as consent_event_code,
        null as form_version_name
    from exits
    where data_wish_code is not null
    group by family_key, exit_date

),

events as (

    select * from consents
    union all
    select * from wishes

)

select
    events.family_key,
    events.consent_code,
    events.event_date,
    families.country_code,
    families.cohort_code,
    events.consent_event_code,
    events.form_version_name
from events
inner join families on events.family_key = families.family_key
