with

journals as (

    select * from {{ ref('int_journals_live') }}

)

select distinct
    journals.family_key,
    journals.journal_month,
    purpose.saving_purpose_code,
    journals.country_code,
    journals.site_code,
    journals.peer_group_code,
    journals.cohort_code
from
    journals,
    jsonb_array_elements_text(journals.savings_purposes)
        as purpose (saving_purpose_code)
