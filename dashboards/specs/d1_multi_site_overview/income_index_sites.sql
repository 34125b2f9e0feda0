-- A month without an age, where launches overlap, is said to be left out.
select
    sites.site_name,
    'live' as release_code,
    site_months.suppression_reason_code,
    site_months.months_since_launch_count,
    site_months.panel_family_count,
    site_months.income_index,
    site_months.income_index_low,
    site_months.income_index_high,
    site_months.income_real_index,
    site_months.income_real_index_low,
    site_months.income_real_index_high,
    site_months.is_index_suppressed as is_suppressed
from share.site_months as site_months
inner join marts.dim_sites as sites
    on site_months.site_code = sites.site_code
where coalesce(site_months.months_since_launch_count, 0) >= 0
order by sites.site_name, site_months.months_since_launch_count
