{{ config(severity='warn') }}
-- A metric of the catalogue that no model computes, or that found no data, though its
-- data is collected; or one that has figures though the catalogue says it cannot. It
-- warns: a warehouse before its first journals has none of them.
select distinct metrics.metric_code
from {{ ref('dim_metrics') }} as metrics
left join {{ ref('fct_metric_values') }} as figures
    on metrics.metric_code = figures.metric_code
where
    (figures.metric_code is null and metrics.availability_code <> 'missing_data')
    or (figures.metric_code is not null and metrics.availability_code = 'missing_data')
