with

journal_payments as (

    select * from {{ ref('int_journal_payments_latest') }}

),

family_codes as (

    select * from {{ ref('int_family_codes_resolved') }}

),

families as (

    select * from {{ ref('int_families') }}

),

placements as (

    select * from {{ ref('int_family_placements') }}

)

select
    families.family_key,
    journal_payments.payment_id,
    journal_payments.journal_month,
    families.country_code,
    placements.site_code,
    placements.peer_group_code,
    families.cohort_code,
    journal_payments.currency_code,
    journal_payments.payment_method_code,
    journal_payments.payment_status_code,
    journal_payments.amount_local,
    journal_payments.paid_date - journal_payments.due_date as due_to_paid_days,
    journal_payments.due_date,
    journal_payments.paid_date
from journal_payments
inner join family_codes
    on
        journal_payments.family_code = family_codes.reported_code
        and family_codes.release_code = 'live'
inner join families
    on
        family_codes.release_code = families.release_code
        and family_codes.family_key = families.family_key
-- Left join: a payment for a month before enrolment is odd, and still a payment.
left join placements
    on
        families.release_code = placements.release_code
        and families.family_key = placements.family_key
        and journal_payments.journal_month + interval '1 month - 1 day'
        between placements.valid_from_date
        and coalesce(placements.valid_to_date, 'infinity')
