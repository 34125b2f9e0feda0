-- Topic: Families
-- Question: How many families left, paused, moved, split or merged, and how many
--   returned?
-- Asked by: program lead
-- Read: events by country and year. A returned family sent a journal for a month after
--   its pause or exit.
-- Traps: counts of events, and a family can have several. Few events at one site name a
--   family: keep the country as the smallest unit.
-- Definition: family_event_code, has_returned
-- Release: live
select
    events.country_code,
    extract(year from events.effective_date)::integer as calendar_year,
    events.family_event_code,
    count(*) as event_count,
    count(distinct events.family_key) as family_count,
    count(distinct events.family_key) filter (where families.has_returned)
        as returned_family_count
from marts.fct_family_events as events
inner join marts.dim_families as families
    on events.family_key = families.family_key
group by
    events.country_code,
    extract(year from events.effective_date)::integer,
    events.family_event_code
order by events.country_code, calendar_year, events.family_event_code
