-- Topic: Income
-- Question: Does the sign of the income change depend on how it is computed?
-- Asked by: program lead, analyst
-- Read: one line per definition of the same change. If some are above zero and some
--   below, the headline alone says little.
-- Traps: definitions answer other questions, so there is no right one to pick by its
--   value. Medians have no interval.
-- Definition: M03, M08
-- Release: live; name another in `asked` for what was published
with

asked as (

    select
        'MEX' as country_code,
        'live' as release_code,
        date '2020-07-01' as start_month,
        date '2021-07-01' as end_month

)

select
    figures.metric_code,
    figures.panel_code,
    figures.statistic_code,
    figures.price_code,
    round(100 * figures.value, 1) as change_percent,
    round(100 * figures.interval_low, 1) as low_percent,
    round(100 * figures.interval_high, 1) as high_percent,
    figures.family_count
from marts.fct_metric_values as figures
inner join asked
    on
        figures.scope_code = asked.country_code
        and figures.release_code = asked.release_code
        and figures.start_month = asked.start_month
        and figures.end_month = asked.end_month
where
    figures.metric_code in ('M03', 'M08')
    and figures.scope_type_code = 'country'
    and figures.outlier_code = 'kept'
    and figures.denominator_code = 'household'
    and figures.category_code = 'total'
order by
    figures.metric_code,
    figures.panel_code,
    figures.statistic_code,
    figures.price_code
