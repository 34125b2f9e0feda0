with

journal_payments as (

    select * from {{ ref('stg_forms__journal_payments') }}

),

versions_ranked as (

    select
        *,
        row_number() over (
            partition by form_id, submission_id
            order by version_number desc
        ) as newness_rank
    from journal_payments

)

select
    payment_id,
    family_code,
    currency_code,
    payment_method_code,
    payment_status_code,
    amount_local,
    date_trunc('month', journal_month)::date as journal_month,
    due_date,
    paid_date
from versions_ranked
where newness_rank = 1 and change_code <> 'deleted'
