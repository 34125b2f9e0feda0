-- Topic: Payments
-- Question: Which accepted journals have no payment in the register at all?
-- Asked by: finance, program lead
-- Read: journals per site and quarter, and those of them that no line of the register
--   pays or promises.
-- Traps: a family is paid for a late or short journal too. Void lines count as none.
--   Journals of the newest months may not be due for payment yet.
-- Definition: fct_family_months beside fct_journal_payments
-- Release: live
with

paid_months as (

    select distinct
        family_key,
        journal_month
    from marts.fct_journal_payments
    where
        payment_status_code <> 'void'
        and journal_month between date '2020-07-01' and date '2020-12-01'

)

select
    family_months.site_code,
    months.calendar_year,
    months.quarter_number,
    count(*) as journal_count,
    count(*) filter (where paid_months.family_key is null) as unpaid_journal_count
from marts.fct_family_months as family_months
inner join marts.dim_months as months
    on family_months.journal_month = months.journal_month
left join paid_months
    on
        family_months.family_key = paid_months.family_key
        and family_months.journal_month = paid_months.journal_month
where
    family_months.journal_status_code in ('on_time', 'late')
    and family_months.journal_month between date '2020-07-01' and date '2020-12-01'
group by family_months.site_code, months.calendar_year, months.quarter_number
having count(*) filter (where paid_months.family_key is null) > 0
order by family_months.site_code, months.calendar_year, months.quarter_number
