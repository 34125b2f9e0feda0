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

),

cohorts_counted as (

    select
        cohorts.*,
        coalesce(families_counted.enrolled_family_count, 0) as family_count
    from cohorts
    left join families_counted on cohorts.cohort_code = families_counted.cohort_code

),

few_sites as (

    select unnest(site_codes) as site_code
    from cohorts_counted
    where family_count between 1 and {{ least_shared_families() }} - 1

)

select
    cohorts_counted.cohort_code,
    cohorts_counted.site_codes,
    -- Nor where a cohort of the same site is of few: the site's number less this one's.
    case
        when
            not exists (
                select 1 from few_sites
                where few_sites.site_code = any(cohorts_counted.site_codes)
            )
            then cohorts_counted.family_count::integer
    end as enrolled_family_count,
    cohorts_counted.recruited_from_month,
    cohorts_counted.recruited_to_month,
    cohorts_counted.launch_month,
    cohorts_counted.analysis_end_month,
    cohorts_counted.extension_end_month
from cohorts_counted
