-- The printed figure can be recomputed from the two sums printed beside it, and both
-- are printed. Of a release, an erasure may have emptied the figure and both sums.
select
    metric_code,
    scope_code,
    value,
    numerator,
    denominator
from {{ ref('fct_metric_values') }}
where
    statistic_code = 'growth_of_means'
    and (
        num_nulls(numerator, denominator) = 1
        or (
            num_nulls(numerator, denominator) = 2
            and (value is not null or release_code = 'live')
        )
        or abs(value - (numerator / nullif(denominator, 0) - 1)) > 0.0000001
    )
