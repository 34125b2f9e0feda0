select distinct on (country_code)
    country_code,
    'live' as release_code,
    journal_month,
    expected_family_count,
    reported_family_count,
    suppression_reason_code,
    is_suppressed
from share.country_months
where reported_family_count > 0 or is_suppressed
order by country_code asc, journal_month desc
