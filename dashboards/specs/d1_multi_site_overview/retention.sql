select
    country_code,
    suppression_reason_code,
    months_since_launch_count,
    active_family_count,
    retention_share,
    is_suppressed
from share.country_months
where months_since_launch_count >= 0
order by country_code, months_since_launch_count
