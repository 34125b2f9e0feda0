with

journals as (

    select * from {{ ref('int_journals_live') }}

)

-- The debt is asked once for all lenders: it is one lender's where it is the only one.
select distinct
    journals.family_key,
    journals.journal_month,
    lender.lender_code,
    journals.country_code,
    journals.site_code,
    journals.peer_group_code,
    journals.cohort_code,
    journals.currency_code,
    jsonb_array_length(journals.debt_lenders) as lender_count,
    case
        when jsonb_array_length(journals.debt_lenders) = 1
            then journals.debt_balance_local
    end as sole_lender_balance_local
from
    journals,
    jsonb_array_elements_text(journals.debt_lenders) as lender (lender_code)
