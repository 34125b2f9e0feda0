-- Topic: Releases and data quality
-- Question: Which published figures are not what we would compute today?
-- Asked by: program lead, analyst
-- Read: headline figures of countries, as released and live, the difference in points.
-- Traps: late journals, edits and corrections move the live figure; the release stays
--   what was published. fct_metric_changes says through which records, once the release
--   is frozen (`make release`).
-- Definition: M03, M16, M21, M58
-- Release: both
select
    released.metric_code,
    released.scope_code as country_code,
    released.statistic_code,
    released.release_code,
    round(100 * released.value, 2) as released_percent,
    round(100 * live.value, 2) as live_percent,
    round(100 * (live.value - released.value), 2) as difference_points,
    released.family_count as released_family_count,
    live.family_count as live_family_count
from marts.fct_metric_values as released
inner join marts.fct_metric_values as live
    on
        released.metric_code = live.metric_code
        and released.scope_type_code = live.scope_type_code
        and released.scope_code = live.scope_code
        and released.start_month = live.start_month
        and released.end_month = live.end_month
        and released.panel_code = live.panel_code
        and released.statistic_code = live.statistic_code
        and released.price_code = live.price_code
        and released.outlier_code = live.outlier_code
        and released.denominator_code = live.denominator_code
        and released.category_code = live.category_code
        and live.release_code = 'live'
where
    released.release_code = '2021-07'
    and released.metric_code in ('M03', 'M16', 'M21', 'M58')
    and released.scope_type_code = 'country'
    and released.panel_code = 'balanced'
    and released.statistic_code = 'growth_of_means'
    and released.price_code = 'nominal'
    and released.outlier_code = 'kept'
    and released.denominator_code = 'household'
    and released.category_code = 'total'
    and released.start_month < released.end_month
    and released.value is distinct from live.value
order by
    released.metric_code, released.scope_code, released.end_month
