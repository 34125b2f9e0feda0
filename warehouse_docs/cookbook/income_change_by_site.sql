-- Topic: Income
-- Question: How much did income change from launch to a year later, site by site?
-- Asked by: program lead
-- Read: one line per site and release; change in per cent of the mean, with the range
--   that holds the true figure 19 times out of 20. Sites whose ranges overlap do not
--   differ beyond noise.
-- Traps: one variant of many (balanced panel, growth of means, nominal); read it beside
--   its real counterpart. The live figure moves with late journals, the release does
--   not.
-- Definition: M03
-- Release: both
select
    figures.scope_code as site_code,
    figures.release_code,
    round(100 * figures.value, 1) as change_percent,
    round(100 * figures.interval_low, 1) as low_percent,
    round(100 * figures.interval_high, 1) as high_percent,
    figures.family_count,
    figures.start_month,
    figures.end_month
from marts.fct_metric_values as figures
inner join marts.dim_sites as sites on figures.scope_code = sites.site_code
inner join marts.dim_cohorts as cohorts
    on
        figures.start_month = cohorts.launch_month
        and figures.end_month = cohorts.analysis_end_month
        and sites.site_code = any(cohorts.site_codes)
where
    figures.metric_code = 'M03'
    and figures.scope_type_code = 'site'
    and figures.panel_code = 'balanced'
    and figures.statistic_code = 'growth_of_means'
    and figures.price_code = 'nominal'
    and figures.outlier_code = 'kept'
    and figures.denominator_code = 'household'
    and figures.category_code = 'total'
order by figures.scope_code, figures.release_code
