with

events as (

    select * from {{ ref('stg_reference__events') }}

)

select
    event_code,
    country_code,
    event_kind_code,
    event_name,
    event_name_es,
    event_name_fil,
    is_assumed,
    start_month,
    end_month
from events
