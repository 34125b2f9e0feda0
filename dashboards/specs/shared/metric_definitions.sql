-- What the metrics named in `:metric_codes` are, word by word.
select
    metric_code,
    metric_name,
    metric_name_es,
    metric_name_fil,
    definition,
    definition_es,
    definition_fil,
    definition_version,
    'live' as release_code
from marts.dim_metrics
where metric_code = any(string_to_array(:metric_codes, ' '))
order by metric_code
