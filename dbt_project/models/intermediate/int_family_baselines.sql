with

enrolments as (

    select * from {{ ref('int_enrolments_latest') }}

),

families as (

    select * from {{ ref('int_families') }}

),

incomes as (

    select * from {{ ref('int_incomes_summed') }}

),

measures as (

    select * from {{ ref('int_baseline_measures') }}

)

select
    enrolments.release_code,
    enrolments.family_key,
    enrolments.baseline_month,
    families.country_code,
    enrolments.site_code,
    enrolments.peer_group_code,
    families.cohort_code,
    families.currency_code,
    incomes.income_local,
    incomes.income_local as income_reported_local,
    incomes.income_earned_local,
    incomes.income_programme_local,
    {{ common_measures_of('measures') }},
    measures.household_member_count,
    measures.household_under_14_count,
    measures.household_adult_count,
    measures.adult_equivalent_count,
    incomes.business_sales_local,
    incomes.business_cost_local,
    enrolments.submitted_at
from enrolments
inner join families
    on
        enrolments.release_code = families.release_code
        and enrolments.family_key = families.family_key
inner join incomes
    on
        enrolments.form_id = incomes.form_id
        and enrolments.submission_id = incomes.submission_id
        and enrolments.version_number = incomes.version_number
inner join measures
    on
        enrolments.form_id = measures.form_id
        and enrolments.submission_id = measures.submission_id
        and enrolments.version_number = measures.version_number
-- One baseline a family: a family that stated no month stated none.
where enrolments.baseline_month is not null
