-- A month without an age, where launches overlap, is said to be left out.
select
    country_code,
    'live' as release_code,
    suppression_reason_code,
    months_since_launch_count,
    active_family_count,
    retention_share,
    is_suppressed
from share.country_months
where coalesce(months_since_launch_count, 0) >= 0
order by country_code, months_since_launch_count
