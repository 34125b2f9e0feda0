with

payments as (

    select * from {{ ref('int_journal_payments_latest') }}

),

family_codes as (

    select * from {{ ref('int_family_codes_resolved') }}
    where release_code = 'live'

),

family_months as (

    select * from {{ ref('int_metric_family_months') }}
    where release_code = 'live'

),

journals as (

    select * from {{ ref('int_metric_journals') }}
    where release_code = 'live'

)

-- The register has no history of what it said when: payments are known live alone.
select
    family_months.release_code,
    family_months.family_key,
    family_months.journal_month,
    family_months.country_code,
    family_months.site_code,
    family_months.cohort_code,
    family_months.peer_group_code,
    family_months.currency_code,
    payments.payment_status_code,
    payments.amount_local,
    payments.paid_date - journals.first_received_date as accepted_to_paid_days
from payments
inner join family_codes on payments.family_code = family_codes.reported_code
inner join family_months
    on
        family_codes.family_key = family_months.family_key
        and payments.journal_month = family_months.journal_month
        and payments.currency_code = family_months.currency_code
left join journals
    on
        family_months.family_key = journals.family_key
        and family_months.journal_month = journals.journal_month
