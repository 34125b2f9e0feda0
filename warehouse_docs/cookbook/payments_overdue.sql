-- Topic: Payments
-- Question: Which journal payments are overdue, and for how long?
-- Asked by: finance, program lead
-- Read: unpaid lines of the register by site at the day asked about, the longest first
--   to be settled.
-- Traps: the programme owes this money for work done. Void lines are not owed. A
--   payment made but not yet entered looks overdue.
-- Definition: fct_journal_payments; M51
-- Release: live
with

asked as (

    select date '2022-05-31' as as_of_date

)

select
    payments.site_code,
    payments.currency_code,
    count(*) as overdue_count,
    count(distinct payments.family_key) as family_count,
    sum(payments.amount_local) as overdue_local,
    max(asked.as_of_date - payments.due_date) as longest_overdue_days
from marts.fct_journal_payments as payments
cross join asked
where
    payments.paid_date is null
    and payments.payment_status_code <> 'void'
    and payments.due_date < asked.as_of_date
group by payments.site_code, payments.currency_code
order by longest_overdue_days desc, payments.site_code asc
