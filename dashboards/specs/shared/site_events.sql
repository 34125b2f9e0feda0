-- Events of a site's country, in months since the site's own launch.
with

launches as (

    select
        site_code,
        min(journal_month) as launch_month
    from share.site_months
    where months_since_launch_count = 0
    group by site_code

)

select
    sites.site_name,
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
inner join marts.dim_sites as sites on events.country_code = sites.country_code
inner join launches on sites.site_code = launches.site_code
order by sites.site_name, events.start_month, events.event_name
