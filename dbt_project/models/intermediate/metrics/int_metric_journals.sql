with

family_months as (

    select * from {{ ref('int_metric_family_months') }}

),

journals_latest as (

    select * from {{ ref('int_journals_latest') }}

),

journals as (

    select * from {{ ref('stg_forms__journals') }}

)

-- The answers that are lists, beside the place of the family in that month.
select
    family_months.release_code,
    family_months.family_key,
    family_months.journal_month,
    family_months.country_code,
    family_months.site_code,
    family_months.cohort_code,
    family_months.peer_group_code,
    family_months.currency_code,
    family_months.debt_balance_local,
    journals.savings_purposes,
    journals.debt_lenders,
    journals.given_help_types,
    journals.received_help_types,
    journals.shock_types,
    journals.goal_updates,
    family_months.first_received_date
from family_months
inner join journals_latest
    on
        family_months.release_code = journals_latest.release_code
        and family_months.family_key = journals_latest.family_key
        and family_months.journal_month = journals_latest.journal_month
inner join journals
    on
        journals_latest.form_id = journals.form_id
        and journals_latest.submission_id = journals.submission_id
        and journals_latest.version_number = journals.version_number
