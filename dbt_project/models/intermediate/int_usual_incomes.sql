with

journals as (

    select
        root_id,
        family_key,
        site_code,
        journal_month,
        ln(income_local::double precision) as log_income
    from {{ ref('int_journal_months') }}
    where income_local > 0

),

own_medians as (

    select
        family_key,
        percentile_cont(0.5) within group (order by log_income) as log_median,
        count(*) as month_count
    from journals
    group by family_key

),

own_deviations as (

    select
        journals.family_key,
        percentile_cont(0.5) within group (
            order by abs(journals.log_income - own_medians.log_median)
        ) as log_deviation
    from journals
    inner join own_medians on journals.family_key = own_medians.family_key
    group by journals.family_key

),

site_medians as (

    select
        site_code,
        journal_month,
        percentile_cont(0.5) within group (order by log_income) as log_median,
        count(*) as family_count
    from journals
    group by site_code, journal_month

)

-- In logarithms, where half and double are equally far. Medians: the very journals
-- that are to be found must not move what is usual.
select
    journals.root_id,
    own_medians.log_median as own_log_median,
    own_deviations.log_deviation as own_log_deviation,
    own_medians.month_count as own_month_count,
    site_medians.log_median as site_log_median,
    site_medians.family_count as site_family_count
from journals
inner join own_medians on journals.family_key = own_medians.family_key
inner join own_deviations on journals.family_key = own_deviations.family_key
inner join site_medians
    on
        journals.site_code = site_medians.site_code
        and journals.journal_month = site_medians.journal_month
