{{ config(severity='warn') }}
-- A person's mean income lies between 0.1 and 60 international dollars a day in every
-- country and month. A factor in another currency (Liberia's of the whole economy is in
-- US dollars) is wrong a hundredfold and falls outside. It warns: a few very odd
-- journals can do the same.
select
    country_code,
    journal_month,
    avg(income_usd_ppp / household_member_count) / (365.0 / 12)
        as income_mean_per_capita_per_day_usd_ppp
from {{ ref('fct_family_months') }}
where household_member_count > 0 and income_usd_ppp is not null
group by country_code, journal_month
having
    avg(income_usd_ppp / household_member_count) / (365.0 / 12) not between 0.1 and 60
