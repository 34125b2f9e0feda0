with

journals as (

    select * from {{ ref('int_journals_corrected') }}

),

families as (

    select * from {{ ref('int_families') }}

)

-- Whose journals they are, and whether their month is one of the programme's. Journals
-- of families that asked for erasure find no family here.
select
    journals.release_code,
    journals.form_id,
    journals.submission_id,
    journals.version_number,
    journals.root_id,
    journals.family_key,
    journals.site_code,
    journals.is_accepted,
    coalesce(
        journals.journal_month between families.first_month and families.last_month,
        false
    ) as is_in_programme_window,
    journals.reported_month,
    journals.journal_month,
    journals.income_reported_local,
    journals.income_local,
    journals.income_earned_local,
    journals.income_programme_local,
    journals.business_sales_local,
    journals.business_cost_local,
    journals.correction_count,
    (journals.received_at at time zone families.timezone_name)::date
        as received_date,
    journals.received_at
from journals
inner join families
    on
        journals.release_code = families.release_code
        and journals.family_key = families.family_key
where {{ of_touched_families('journals.family_key') }}
