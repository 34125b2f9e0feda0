-- Topic: Savings
-- Question: Whom do families owe, and how many owe a costly lender?
-- Asked by: analyst
-- Read: families that owed each kind of lender in the quarter, and whether such lenders
--   are dear as a rule.
-- Traps: one balance is asked for all lenders: only families with a single one tell how
--   much it is. To owe is not to be in trouble.
-- Definition: fct_loans; is_costly_lender of dim_codes
-- Release: live
select
    loans.country_code,
    codes.value_name as lender,
    codes.is_costly_lender,
    count(distinct loans.family_key) as family_count,
    count(distinct loans.family_key) filter (where loans.lender_count = 1)
        as sole_lender_family_count
from marts.fct_loans as loans
inner join marts.dim_families as families
    on loans.family_key = families.family_key
left join marts.dim_codes as codes
    on loans.lender_code = codes.value_code and codes.list_code = 'lender'
where
    loans.journal_month between date '2021-05-01' and date '2021-07-01'
    and families.has_consented_to_aggregates is not false
group by loans.country_code, codes.value_name, codes.is_costly_lender
having count(distinct loans.family_key) >= 5
order by loans.country_code, codes.value_name
