-- Topic: Shocks
-- Question: What hit families, and had they recovered when they told of it?
-- Asked by: program lead
-- Read: events by country and kind; recovered counts families that say they are back
--   where they were or better.
-- Traps: recovery is asked in the month of the event, so a late recovery is not in it.
--   The loss is asked for all events of a month together. Kinds with fewer than five
--   families are left out.
-- Definition: fct_shocks; M24, M27
-- Release: live
select
    shocks.country_code,
    codes.value_name as shock,
    codes.is_covariate_shock,
    count(distinct shocks.family_key) as family_count,
    count(*) as event_count,
    round(
        100.0 * count(*) filter (where shocks.recovery_code in ('full', 'better'))
        / nullif(count(shocks.recovery_code), 0), 0
    ) as recovered_percent
from marts.fct_shocks as shocks
inner join marts.dim_families as families
    on shocks.family_key = families.family_key
left join marts.dim_codes as codes
    on
        shocks.shock_type_code = codes.value_code
        and codes.list_code = 'shock_type'
where families.has_consented_to_aggregates is not false
group by shocks.country_code, codes.value_name, codes.is_covariate_shock
having count(distinct shocks.family_key) >= 5
order by shocks.country_code, codes.value_name
