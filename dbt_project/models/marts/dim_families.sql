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

participations as (

    select * from {{ ref('int_family_participations') }}

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
    from {{ ref('int_family_month_roster') }}

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
    joined_families.family_key as merged_into_family_key,
    participations.due_month_count,
    participations.accepted_month_count,
    participations.on_time_month_count,
    participations.longest_streak_count,
    (
        12 * extract(year from age(families.exited_date, families.launch_month))
        + extract(month from age(families.exited_date, families.launch_month))
    )::integer as left_after_month_count,
    participations.launch_income_local,
    participations.has_returned,
    enrolments.consents_to_aggregates as has_consented_to_aggregates,
    enrolments.consents_to_cross_border as has_consented_to_cross_border,
    enrolments.consents_to_health as has_consented_to_health,
    enrolments.consents_to_keep as has_consented_to_keep,
    enrolments.enrolled_date,
    splits.split_date,
    families.exited_date,
    participations.first_journal_month,
    participations.last_journal_month
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
inner join participations
    on
        families.release_code = participations.release_code
        and families.family_key = participations.family_key
-- Whoever asked for erasure is nowhere, also as the household another one joined.
left join families as joined_families
    on
        families.release_code = joined_families.release_code
        and families.merged_into_family_key = joined_families.family_key
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
