with

journals as (

    select * from {{ ref('int_journals_live') }}

)

-- The balance is asked once for all places: it is a place's own where it is alone.
select distinct
    journals.family_key,
    journals.journal_month,
    place.saving_place_code,
    journals.country_code,
    journals.site_code,
    journals.peer_group_code,
    journals.cohort_code,
    journals.currency_code,
    jsonb_array_length(journals.savings_places) as saving_place_count,
    case
        when jsonb_array_length(journals.savings_places) = 1
            then journals.savings_balance_local
    end as sole_place_balance_local
from
    journals,
    jsonb_array_elements_text(journals.savings_places) as place (saving_place_code)
