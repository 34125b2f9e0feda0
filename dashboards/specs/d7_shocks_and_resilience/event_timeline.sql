select
    event_name,
    event_name_es,
    event_name_fil,
    country_code,
    event_kind_code,
    'live' as release_code,
    is_assumed,
    start_month,
    end_month
from marts.dim_events
order by start_month, event_name
