with

journals as (

    select * from {{ ref('int_journals_live') }}
    where {{ of_touched_families('family_key') }}

)

-- Severity, loss, coping and recovery are asked once for all that happened in a month:
-- they repeat on each of its rows and must not be summed over them.
select distinct
    journals.family_key,
    journals.journal_month,
    shock.shock_type_code,
    journals.country_code,
    journals.site_code,
    journals.peer_group_code,
    journals.cohort_code,
    journals.currency_code,
    journals.recovery_code,
    array(select jsonb_array_elements_text(journals.coping_types)) as coping_codes,
    journals.shock_severity_score,
    journals.shock_loss_local
from
    journals,
    jsonb_array_elements_text(journals.shock_types) as shock (shock_type_code)
where shock.shock_type_code <> 'none'
