with

cohorts as (

    select * from {{ ref('stg_registry__cohorts') }}

),

families as (

    select * from {{ ref('int_families') }}

),

sharing as (select * from {{ ref('stg_registry__sharing') }}),

families_counted as (

    select
        cohort_code,
        count(*) as enrolled_family_count
    from families
    where release_code = {{ shown_release() }}
    group by cohort_code

)

select
    cohorts.cohort_code,
    cohorts.site_codes,
    {{ unless_few('coalesce(families_counted.enrolled_family_count, 0)') }}
        as enrolled_family_count,
    cohorts.recruited_from_month,
    cohorts.recruited_to_month,
    cohorts.launch_month,
    cohorts.analysis_end_month,
    cohorts.extension_end_month
from cohorts
left join families_counted on cohorts.cohort_code = families_counted.cohort_code
