select
    metric_code,
    metric_name,
    metric_name_es,
    metric_name_fil,
    definition,
    definition_es,
    definition_fil,
    formula,
    unit_code,
    definition_version,
    'live' as release_code
from marts.dim_metrics
order by metric_code
