-- How far the journals reach, and the newest release on the page.
select
    (
        select max(journal_month)
        from share.country_months
        where reported_family_count > 0
    ) as latest_journal_month,
    (
        select max(release_code)
        from share.metric_values
        where release_code <> 'live'
    ) as release_code
