-- How far the journals reach, the newest release and the newest journal form.
select
    (
        select max(journal_month)
        from share.country_months
        where reported_family_count > 0
    ) as latest_journal_month,
    -- Not "other than live": nearly all figures are, and all would be read.
    greatest(
        (
            select max(release_code)
            from share.metric_values
            where release_code < 'live'
        ),
        (
            select max(release_code)
            from share.metric_values
            where release_code > 'live'
        )
    ) as release_code,
    (
        select form_version_name
        from marts.dim_form_versions
        where form_role_code = 'journal'
        order by deployed_at desc, form_version_name desc
        limit 1
    ) as form_version_name
