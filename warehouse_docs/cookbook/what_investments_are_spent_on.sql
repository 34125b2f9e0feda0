-- Topic: Investments
-- Question: On what was the money of investments spent?
-- Asked by: program lead, funder
-- Read: spending by use in per cent of what a country's families spent.
-- Traps: told at a follow-up, so investments without one are not in it. Money is
--   compared within a country only.
-- Definition: fct_investment_uses; M33
-- Release: live
select
    uses.country_code,
    codes.value_name as spent_on,
    codes.is_child_use,
    count(distinct uses.family_key) as family_count,
    round(
        100 * sum(uses.spent_local)
        / sum(sum(uses.spent_local)) over (partition by uses.country_code), 1
    ) as spent_percent
from marts.fct_investment_uses as uses
inner join marts.dim_families as families
    on uses.family_key = families.family_key
left join marts.dim_codes as codes
    on uses.use_code = codes.value_code and codes.list_code = 'investment_use'
where families.has_consented_to_aggregates is not false
group by uses.country_code, codes.value_name, codes.is_child_use
having count(distinct uses.family_key) >= 5
order by uses.country_code, codes.value_name
