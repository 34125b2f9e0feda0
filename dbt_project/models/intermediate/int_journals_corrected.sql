with

journals as (

    select * from {{ ref('int_journals_known') }}

),

family_codes as (

    select * from {{ ref('int_family_codes_resolved') }}

),

incomes as (

    select * from {{ ref('int_incomes_summed') }}

),

corrections as (

    select * from {{ ref('int_corrections_approved') }}

)

-- What was reported and what was corrected stand side by side.
select
    journals.release_code,
    journals.form_id,
    journals.submission_id,
    journals.version_number,
    journals.root_id,
    journals.site_code,
    journals.family_code as reported_family_code,
    family_codes.family_key,
    journals.is_accepted and journals.is_sharing is not false as is_accepted,
    date_trunc('month', journals.reported_month)::date as reported_month,
    coalesce(
        corrections.journal_month, date_trunc('month', journals.reported_month)::date
    ) as journal_month,
    incomes.income_local as income_reported_local,
    coalesce(corrections.income_local, incomes.income_local) as income_local,
    -- A correction replaces the month's income; its parts keep their proportions.
    (
        case
            when corrections.income_local is null then incomes.income_earned_local
            when incomes.income_local <> 0
                then
                    incomes.income_earned_local
                    * corrections.income_local
                    / incomes.income_local
        end
    )::numeric(14, 2) as income_earned_local,
    incomes.income_programme_local,
    incomes.business_sales_local,
    incomes.business_cost_local,
    coalesce(corrections.correction_count, 0) as correction_count,
    journals.received_at
from journals
inner join incomes
    on
        journals.form_id = incomes.form_id
        and journals.submission_id = incomes.submission_id
        and journals.version_number = incomes.version_number
left join family_codes
    on
        journals.release_code = family_codes.release_code
        and journals.family_code = family_codes.reported_code
left join corrections
    on
        journals.release_code = corrections.release_code
        and journals.root_id = corrections.root_id
where {{ of_touched_or_no_family('family_codes.family_key') }}
