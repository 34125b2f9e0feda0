with

cohorts as (

    select * from {{ source('registry', 'cohorts') }}

)

select
    cohort_code,
    array(
        select sites.site_code
        from jsonb_array_elements_text(cohorts.site_codes) as sites (site_code)
    ) as site_codes,
    recruited_from_month,
    recruited_to_month,
    launch_month,
    analysis_end_month,
    extension_end_month
from cohorts
