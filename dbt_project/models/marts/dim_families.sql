with

families as (

    select * from {{ ref('int_families') }}

),

enrolments as (

    select * from {{ ref('int_enrolments_latest') }}

),

placements as (

    select * from {{ ref('int_family_placements') }}

),

splits as (

    select * from {{ ref('int_family_splits') }}

),

roster as (

    select * from {{ ref('int_family_month_roster') }}

),

roster_ranked as (

    select
        release_code,
        family_key,
        journal_status_code,
        row_number() over (
            partition by release_code, family_key
            order by journal_month desc
        ) as newness_rank
    from roster

)

select
    families.family_key,
    families.country_code,
    placements.site_code,
    placements.peer_group_code,
    families.cohort_code,
    families.currency_code,
    case
        when families.exit_kind_code = 'merge' then 'merged'
        when families.exited_date is not null then 'exited'
        when roster_ranked.journal_status_code = 'paused' then 'paused'
        else 'active'
    end as status_code,
    families.exit_kind_code,
    families.exit_reason_code,
    enrolments.preferred_language_code,
    enrolments.report_format_code,
    enrolments.reading_ease_code,
    enrolments.story_scope_code,
    splits.split_from_family_key,
    enrolments.consents_to_aggregates as has_consented_to_aggregates,
    enrolments.consents_to_cross_border as has_consented_to_cross_border,
    enrolments.consents_to_health as has_consented_to_health,
    enrolments.consents_to_keep as has_consented_to_keep,
    enrolments.enrolled_date,
    splits.split_date,
    families.exited_date
from families
inner join enrolments
    on
        families.release_code = enrolments.release_code
        and families.family_key = enrolments.family_key
inner join placements
    on
        families.release_code = placements.release_code
        and families.family_key = placements.family_key
        and placements.valid_to_date is null
left join roster_ranked
    on
        families.release_code = roster_ranked.release_code
        and families.family_key = roster_ranked.family_key
        and roster_ranked.newness_rank = 1
left join splits
    on
        families.release_code = splits.release_code
        and families.family_key = splits.family_key
where families.release_code = {{ shown_release() }}
