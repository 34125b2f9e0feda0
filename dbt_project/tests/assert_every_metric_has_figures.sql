{{ config(severity='warn') }}
-- A metric of the catalogue that no model computes, or that found no data. It warns: a
-- warehouse before its first journals has none of them.
select metrics.metric_code
from {{ ref('dim_metrics') }} as metrics
left join {{ ref('fct_metric_values') }} as figures
    on metrics.metric_code = figures.metric_code
where figures.metric_code is null
