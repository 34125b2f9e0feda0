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
        sites.site_code,
        -- A site without a cohort has no end; before the first journal nothing is last.
        case
            when newest.journal_month > ends.end_month then ends.end_month
            else newest.journal_month
        end as journal_month
    from marts.dim_sites as sites
    left join ends on sites.site_code = ends.site_code
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
    site_months.expected_family_count
    - site_months.reported_family_count as missing_family_count,
    site_months.reported_family_count::numeric
    / nullif(site_months.expected_family_count, 0) as reported_share,
    site_months.panel_family_count,
    site_months.panel_family_count < 30 as is_small_panel,
    sites.price_frequency_code = 'annual' as has_yearly_prices_only,
    site_months.is_suppressed
from marts.dim_sites as sites
inner join latest on sites.site_code = latest.site_code
left join share.site_months as site_months
    on
        sites.site_code = site_months.site_code
        and latest.journal_month = site_months.journal_month
order by sites.site_name
