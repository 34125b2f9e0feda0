with

families as (

    select * from {{ ref('int_families') }}
    where release_code = 'live'

),

enrolments as (

    select * from {{ ref('int_enrolments_latest') }}
    where release_code = 'live'

),

families_left_out as (

    select * from {{ ref('int_families_left_out') }}
    where release_code = 'live'

),

exclusions as (

    select
        left_out_reason_code,
        site_code
    from families_left_out
    union all
    select
        case
            when not consent.is_granted then consent.consent_code
        end as left_out_reason_code,
        enrolments.site_code
    from families
    inner join enrolments on families.family_key = enrolments.family_key
    cross join
        lateral (
            values
            ('aggregates', coalesce(enrolments.consents_to_aggregates, false)),
            ('health', coalesce(enrolments.consents_to_health, false)),
            (
                'story',
                coalesce(enrolments.story_scope_code not in ('none', 'group'), false)
            )
        ) as consent (consent_code, is_granted)

)

select
    left_out_reason_code,
    site_code,
    count(*)::integer as family_count
from exclusions
where left_out_reason_code is not null and site_code is not null
group by left_out_reason_code, site_code
