with

register_lines as (

    select
        form_id,
        submission_id,
        version_number,
        change_code,
        answers,
        known_at
    from {{ source('forms', 'journal_payments') }}

)

select
    form_id,
    submission_id,
    version_number,
    change_code,
    answers ->> 'payment_ref' as payment_id,
    answers ->> 'family_code' as family_code,
    answers ->> 'currency_code' as currency_code,
    answers ->> 'method_code' as payment_method_code,
    answers ->> 'status_code' as payment_status_code,
    (answers ->> 'amount_local')::numeric(14, 2) as amount_local,
    (answers ->> 'journal_month')::date as journal_month,
    (answers ->> 'due_date')::date as due_date,
    (answers ->> 'paid_date')::date as paid_date,
    known_at
from register_lines
