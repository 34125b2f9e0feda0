-- Every site in the last month of the data, also a site that fell silent before. A site
-- whose programme has ended stands in the last month of its own.
with

newest as (

    select max(journal_month) as journal_month
    from share.country_months
    where reported_family_count > 0

),

ends as (

    select
        sites.site_code,
        max(coalesce(cohorts.extension_end_month, cohorts.analysis_end_month))
            as end_month
    from marts.dim_sites as sites
    inner join marts.dim_cohorts as cohorts
        on sites.site_code = any(cohorts.site_codes)
    group by sites.site_code

),

latest as (

    select
        ends.site_code,
        least(newest.journal_month, ends.end_month) as journal_month
    from ends
    cross join newest

)

select
    sites.site_name,
    sites.country_code,
    sites.currency_code,
    'live' as release_code,
    latest.journal_month,
    site_months.suppression_reason_code,
    site_months.months_since_launch_count,
    site_months.active_family_count,
    site_months.expected_family_count,
    site_months.reported_family_count,
    site_months.panel_family_count,
    site_months.panel_family_count < 30 as is_small_panel,
    site_months.is_suppressed
from marts.dim_sites as sites
inner join latest on sites.site_code = latest.site_code
left join share.site_months as site_months
    on
        sites.site_code = site_months.site_code
        and latest.journal_month = site_months.journal_month
order by sites.site_name
