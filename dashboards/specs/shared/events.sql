-- Events in months since the country's launch, which is months since launch 0.
with

launches as (

    select
        country_code,
        min(journal_month) as launch_month
    from share.country_months
    where months_since_launch_count = 0
    group by country_code

)

select
    events.country_code,
    events.event_name,
    events.event_name_es,
    events.event_name_fil,
    (
        extract(year from age(events.start_month, launches.launch_month)) * 12
        + extract(month from age(events.start_month, launches.launch_month))
    )::integer as start_count,
    (
        extract(year from age(events.end_month, launches.launch_month)) * 12
        + extract(month from age(events.end_month, launches.launch_month))
    )::integer as end_count
from marts.dim_events as events
inner join launches on events.country_code = launches.country_code
order by events.country_code, events.start_month, events.event_name
