-- The last month in which journals were expected, and the newest journal form.
with

latest_months as (

    select
        site_code,
        max(journal_month) as journal_month
    from share.site_months
    where reported_family_count > 0
    group by site_code

),

newest_form as (

    select form_versions.form_version_name
    from marts.dim_form_versions as form_versions
    where form_versions.form_role_code = 'journal'
    order by form_versions.deployed_at desc
    limit 1

)

select
    sites.site_name,
    sites.country_code,
    sites.currency_code,
    (select newest_form.form_version_name from newest_form) as form_version_name,
    site_months.suppression_reason_code,
    site_months.months_since_launch_count,
    site_months.active_family_count,
    site_months.expected_family_count,
    site_months.reported_family_count,
    site_months.panel_family_count,
    site_months.panel_family_count < 30 as is_small_panel,
    site_months.is_suppressed
from share.site_months as site_months
inner join latest_months
    on
        site_months.site_code = latest_months.site_code
        and site_months.journal_month = latest_months.journal_month
inner join marts.dim_sites as sites
    on site_months.site_code = sites.site_code
order by sites.site_name
