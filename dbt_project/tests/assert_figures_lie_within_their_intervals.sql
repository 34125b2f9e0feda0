-- An interval that does not hold its own figure was computed from something else, and
-- half an interval, or an error without one, was lost on the way. A figure may have
-- neither.
select
    metric_code,
    scope_code,
    statistic_code,
    value,
    interval_low,
    interval_high
from {{ ref('fct_metric_values') }}
where
    value not between interval_low and interval_high
    or num_nulls(interval_low, interval_high) = 1
    or (standard_error is not null and interval_low is null)
