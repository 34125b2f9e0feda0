-- Topic: Investments
-- Question: How long does a family wait from a request to its money?
-- Asked by: program lead, finance
-- Read: the median and the slow tenth of what was paid, and what is still waiting at
--   the day asked about.
-- Traps: only what is paid has a duration. Requests that wait are listed beside it,
--   because leaving them out makes the slow look fast.
-- Definition: request_to_payment_days; M32
-- Release: live
with

asked as (

    select date '2022-03-31' as as_of_date

)

select
    investments.country_code,
    count(*) as requested_count,
    count(*) filter (where investments.is_paid) as paid_count,
    percentile_cont(0.5) within group (
        order by investments.request_to_payment_days
    ) as median_days,
    percentile_disc(0.9) within group (
        order by investments.request_to_payment_days
    ) as slow_tenth_days,
    count(*) filter (
        where
        not investments.is_paid
        and investments.decision_code is distinct from 'declined'
    ) as waiting_count,
    max(asked.as_of_date - investments.requested_date) filter (
        where
        not investments.is_paid
        and investments.decision_code is distinct from 'declined'
    ) as longest_waiting_days
from marts.fct_investments as investments
cross join asked
where investments.requested_date <= asked.as_of_date
group by investments.country_code
order by investments.country_code
