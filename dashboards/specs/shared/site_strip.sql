-- A month without an age, where launches overlap, is said to be left out.
select
    sites.site_name,
    'live' as release_code,
    site_months.months_since_launch_count,
    site_months.reported_family_count,
    site_months.reported_family_count::numeric
    / nullif(site_months.expected_family_count, 0) as reported_share,
    site_months.is_suppressed,
    site_months.suppression_reason_code
from share.site_months as site_months
inner join marts.dim_sites as sites
    on site_months.site_code = sites.site_code
where site_months.expected_family_count > 0 or site_months.is_suppressed
order by sites.site_name, site_months.months_since_launch_count
