-- An interval that does not hold its own figure was computed from something else.
select
    metric_code,
    scope_code,
    statistic_code,
    value,
    interval_low,
    interval_high
from {{ ref('fct_metric_values') }}
where value not between interval_low and interval_high
