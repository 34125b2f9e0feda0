select
    scope_code as country_code,
    release_code,
    suppression_reason_code,
    value,
    numerator,
    denominator,
    family_count,
    interval_low,
    interval_high,
    is_suppressed
from share.metric_values
where
    metric_code = 'M60'
    and scope_type_code = 'country'
    and statistic_code = 'difference'
    and panel_code = 'balanced'
    and price_code = 'nominal'
    and outlier_code = 'kept'
    and denominator_code = 'household'
    and start_month < end_month
order by country_code, release_code
