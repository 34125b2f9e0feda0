select
    country_code,
    suppression_reason_code,
    months_since_launch_count,
    reported_family_count,
    saver_share,
    lending_circle_share,
    lending_circle_share_low,
    lending_circle_share_high,
    is_suppressed
from share.country_months
where months_since_launch_count >= 0
order by country_code, months_since_launch_count
