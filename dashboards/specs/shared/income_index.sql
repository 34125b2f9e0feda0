-- A month without an age, where launches overlap, is said to be left out.
select
    country_code,
    'live' as release_code,
    suppression_reason_code,
    journal_month,
    months_since_launch_count,
    panel_family_count,
    income_index,
    income_index_low,
    income_index_high,
    income_real_index,
    income_real_index_low,
    income_real_index_high,
    is_index_suppressed as is_suppressed
from share.country_months
where coalesce(months_since_launch_count, 0) >= 0
order by country_code, months_since_launch_count
