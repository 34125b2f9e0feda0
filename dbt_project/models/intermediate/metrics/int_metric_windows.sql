with

releases as (

    select * from {{ ref('int_releases') }}

),

published_windows as (

    select * from {{ ref('stg_reference__releases') }}

),

cohorts as (

    select * from {{ ref('stg_registry__cohorts') }}

),

-- A release holds the wave that launched in its first month, so that a later wave never
-- adds figures to it, and closes the window where it says so. What is live has every
-- wave, each closed where the wave's analysis is.
analysis_windows as (

    select
        releases.release_code,
        cohorts.cohort_code,
        cohorts.recruited_from_month,
        cohorts.launch_month,
        least(published_windows.end_month, cohorts.analysis_end_month) as end_month
    from releases
    cross join cohorts
    left join published_windows
        on releases.release_code = published_windows.release_code
    where
        published_windows.release_code is null
        or cohorts.launch_month = published_windows.start_month

)

select
    release_code,
    cohort_code,
    'recruitment_to_launch' as window_code,
    recruited_from_month as start_month,
    launch_month as end_month
from analysis_windows
union all
select
    release_code,
    cohort_code,
    'launch_to_end' as window_code,
    launch_month as start_month,
    end_month
from analysis_windows
