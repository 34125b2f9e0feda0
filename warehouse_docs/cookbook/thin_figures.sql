-- Topic: Releases and data quality
-- Question: Which figures rest on fewer families than their metric asks for?
-- Asked by: analyst
-- Read: per metric, its minimum and how many figures of sites stay below it.
-- Traps: a thin figure is an anecdote: say its n. `share` hides cells below ten
--   families, which is another rule and protects them.
-- Definition: minimum_family_count of dim_metrics
-- Release: live
select
    metrics.metric_code,
    metrics.metric_name,
    metrics.minimum_family_count,
    count(*) as figure_count,
    count(*) filter (where figures.family_count < metrics.minimum_family_count)
        as thin_figure_count
from marts.fct_metric_values as figures
inner join marts.dim_metrics as metrics
    on figures.metric_code = metrics.metric_code
where
    figures.release_code = 'live'
    and figures.scope_type_code = 'site'
    and figures.category_code = 'total'
group by
    metrics.metric_code, metrics.metric_name, metrics.minimum_family_count
having
    count(*) filter (where figures.family_count < metrics.minimum_family_count) > 0
order by metrics.metric_code
