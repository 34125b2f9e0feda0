-- Topic: Goals
-- Question: From whom do families learn the strategies they use?
-- Asked by: program lead
-- Read: uses of a strategy for a goal by where the idea came from, in per cent of the
--   country's uses.
-- Traps: what a family says about the source, once per goal and month. A use is not a
--   success. Uses by one family in several months count several times.
-- Definition: fct_strategy_uses; M46
-- Release: live
select
    uses.country_code,
    uses.learned_from_code,
    count(*) as use_count,
    count(distinct uses.family_key) as family_count,
    round(
        100.0 * count(*) / sum(count(*)) over (partition by uses.country_code), 1
    ) as use_percent
from marts.fct_strategy_uses as uses
inner join marts.dim_families as families
    on uses.family_key = families.family_key
where
    uses.learned_from_code is not null
    and uses.journal_month between date '2021-05-01' and date '2021-07-01'
    and families.has_consented_to_aggregates is not false
group by uses.country_code, uses.learned_from_code
having count(distinct uses.family_key) >= 5
order by uses.country_code, uses.learned_from_code
