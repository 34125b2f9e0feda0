-- Topic: Families
-- Question: Did those who left start from another income than those who stayed?
-- Asked by: program lead, analyst
-- Read: mean income of the launch month of each country's families, those that left
--   beside those that stayed. A difference means that a change among those who stayed
--   is not the change of all.
-- Traps: few left, so one family moves their mean; below five nothing is shown.
--   Families without a journal at launch are in family_count only.
-- Definition: launch_income_local, exited_date (convention C12)
-- Release: live
select
    country_code,
    currency_code,
    exited_date is not null as has_left,
    count(*) as family_count,
    count(launch_income_local) as with_launch_income_count,
    case
        when count(launch_income_local) >= 5 then round(avg(launch_income_local), 0)
    end as launch_income_mean_local
from marts.dim_families
where has_consented_to_aggregates is not false
group by country_code, currency_code, exited_date is not null
order by country_code, has_left
