-- Every site in the last month of the data, also a site that fell silent before.
with

latest as (

    select max(journal_month) as journal_month
    from share.country_months
    where reported_family_count > 0

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
cross join latest
left join share.site_months as site_months
    on
        sites.site_code = site_months.site_code
        and latest.journal_month = site_months.journal_month
order by sites.site_name
