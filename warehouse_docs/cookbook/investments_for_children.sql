-- Topic: Investments
-- Question: How many families used an investment directly for a child?
-- Asked by: program lead, funder
-- Read: families with a paid investment by country, how many of them used one for a
--   child, and how that compares with what they had asked for.
-- Traps: what families said at the latest follow-up counts; where there was none, what
--   they asked for. A fourth of families with an investment is not a fourth of all.
-- Definition: is_for_child; M34
-- Release: live
select
    investments.country_code,
    count(distinct investments.family_key) as family_count,
    count(distinct investments.family_key) filter (where investments.is_for_child)
        as for_child_family_count,
    count(distinct investments.family_key) filter (
        where investments.is_for_child_as_requested
    ) as asked_for_child_family_count,
    count(distinct investments.family_key) filter (
        where investments.followed_up_date is not null
    ) as followed_up_family_count,
    sum(investments.supported_child_count) as supported_child_count
from marts.fct_investments as investments
inner join marts.dim_families as families
    on investments.family_key = families.family_key
where
    investments.is_paid
    and families.has_consented_to_aggregates is not false
group by investments.country_code
having count(distinct investments.family_key) >= 10
order by investments.country_code
