with

journals_latest as (

    select * from {{ ref('int_journals_latest') }}

),

family_months as (

    select * from {{ ref('int_family_months') }}

),

journals as (

    select * from {{ ref('stg_forms__journals') }}

)

select
    journals_latest.form_id,
    journals_latest.submission_id,
    journals_latest.version_number,
    family_months.family_key,
    family_months.journal_month,
    family_months.country_code,
    family_months.site_code,
    family_months.peer_group_code,
    family_months.cohort_code,
    family_months.currency_code,
    family_months.income_reported_local,
    family_months.income_local,
    family_months.savings_balance_local,
    family_months.debt_balance_local,
    journals.savings_places,
    journals.savings_purposes,
    journals.debt_lenders,
    journals.given_cash_local,
    journals.given_kind_local,
    journals.given_hours,
    journals.received_cash_local,
    journals.received_kind_local,
    journals.given_help_types,
    journals.given_to_codes,
    journals.received_help_types,
    journals.shock_types,
    journals.shock_severity_score,
    journals.shock_loss_local,
    journals.coping_types,
    journals.recovery_code,
    journals.goal_updates
from journals_latest
inner join family_months
    on
        journals_latest.release_code = family_months.release_code
        and journals_latest.family_key = family_months.family_key
        and journals_latest.journal_month = family_months.journal_month
inner join journals
    on
        journals_latest.form_id = journals.form_id
        and journals_latest.submission_id = journals.submission_id
        and journals_latest.version_number = journals.version_number
where journals_latest.release_code = 'live'
