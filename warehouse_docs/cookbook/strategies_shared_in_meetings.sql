-- Topic: Goals
-- Question: Which strategies do families share in meetings, and do they work for
--   others?
-- Asked by: families, program lead
-- Read: how often each was shared, how often it worked for the one who told, and how
--   many families wanted to try it.
-- Traps: one told of what worked rather than of what did not. This is what families
--   found, not advice.
-- Definition: fct_strategies_shared; M45
-- Release: live
select
    strategies.strategy_code,
    strategies.strategy_name,
    count(*) as shared_count,
    count(distinct shared.country_code) as country_count,
    round(
        100.0 * count(*) filter (where shared.result_code = 'yes')
        / nullif(count(shared.result_code), 0), 0
    ) as worked_percent,
    sum(shared.interested_family_count) as interested_family_count
from marts.fct_strategies_shared as shared
inner join marts.dim_strategies as strategies
    on shared.strategy_code = strategies.strategy_code
group by strategies.strategy_code, strategies.strategy_name
order by strategies.strategy_code
