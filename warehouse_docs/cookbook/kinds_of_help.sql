-- Topic: Helping each other
-- Question: What do families give each other besides money?
-- Asked by: program lead, families
-- Read: families that gave each kind of help in the quarter, beside those that received
--   it.
-- Traps: amounts and hours are asked for all kinds together, on the lines `total`,
--   which are left out here.
-- Definition: fct_mutual_support; M38
-- Release: live
select
    mutual_support.country_code,
    codes.value_name as kind_of_help,
    count(distinct mutual_support.family_key) filter (
        where mutual_support.direction_code = 'given'
    ) as giving_family_count,
    count(distinct mutual_support.family_key) filter (
        where mutual_support.direction_code = 'received'
    ) as receiving_family_count
from marts.fct_mutual_support as mutual_support
inner join marts.dim_families as families
    on mutual_support.family_key = families.family_key
left join marts.dim_codes as codes
    on
        mutual_support.help_type_code = codes.value_code
        and codes.list_code = 'help_type'
where
    mutual_support.help_type_code <> 'total'
    and mutual_support.journal_month
    between date '2021-05-01' and date '2021-07-01'
    and families.has_consented_to_aggregates is not false
group by mutual_support.country_code, codes.value_name
having count(distinct mutual_support.family_key) >= 10
order by mutual_support.country_code, codes.value_name
