with

enrolments as (

    select * from {{ ref('int_enrolments_latest') }}

),

departures as (

    select * from {{ ref('int_families_departed') }}

),

families_left_out as (

    select * from {{ ref('int_families_left_out') }}

),

sites as (

    select * from {{ ref('stg_registry__sites') }}

),

cohorts as (

    select * from {{ ref('stg_registry__cohorts') }}

),

-- Late joiners belong to the newest wave that had begun when they enrolled.
cohorts_ranked as (

    select
        enrolments.release_code,
        enrolments.family_key,
        cohorts.cohort_code,
        cohorts.launch_month,
        coalesce(cohorts.extension_end_month, cohorts.analysis_end_month) as last_month,
        row_number() over (
            partition by enrolments.release_code, enrolments.family_key
            order by
                (cohorts.recruited_from_month <= enrolments.enrolled_date) desc,
                abs(cohorts.recruited_from_month - enrolments.enrolled_date),
                cohorts.cohort_code
        ) as closeness_rank
    from enrolments
    inner join cohorts on enrolments.site_code = any(cohorts.site_codes)

)

select
    enrolments.release_code,
    enrolments.family_key,
    cohorts_ranked.cohort_code,
    sites.country_code,
    sites.currency_code,
    sites.timezone_name,
    departures.exit_kind_code,
    departures.exit_reason_code,
    departures.merged_into_family_key,
    enrolments.consents_to_aggregates,
    enrolments.consents_to_health,
    cohorts_ranked.launch_month,
    -- The months the programme can hear about: from the launch, or from enrolment.
    greatest(
        cohorts_ranked.launch_month,
        date_trunc('month', enrolments.enrolled_date)::date
    ) as first_month,
    cohorts_ranked.last_month,
    enrolments.enrolled_date,
    departures.exited_date
from enrolments
inner join sites on enrolments.site_code = sites.site_code
inner join cohorts_ranked
    on
        enrolments.release_code = cohorts_ranked.release_code
        and enrolments.family_key = cohorts_ranked.family_key
        and cohorts_ranked.closeness_rank = 1
left join departures
    on
        enrolments.release_code = departures.release_code
        and enrolments.family_key = departures.family_key
left join families_left_out
    on
        enrolments.release_code = families_left_out.release_code
        and enrolments.family_key = families_left_out.family_key
where families_left_out.family_key is null
