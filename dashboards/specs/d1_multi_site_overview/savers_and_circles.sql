-- A month without an age, where launches overlap, is said to be left out.
select
    country_code,
    'live' as release_code,
    months_since_launch_count,
    reported_family_count,
    saver_share,
    lending_circle_share,
    lending_circle_share_low,
    lending_circle_share_high,
    coalesce(
        suppression_reason_code,
        case when is_share_suppressed then 'share_near_limit' end
    ) as suppression_reason_code,
    is_share_suppressed as is_suppressed
from share.country_months
where coalesce(months_since_launch_count, 0) >= 0
order by country_code, months_since_launch_count
