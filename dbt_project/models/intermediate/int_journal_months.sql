with

family_months as (

    select * from {{ ref('int_family_months') }}
    where release_code = 'live' and submitted_at is not null

),

journals_latest as (

    select * from {{ ref('int_journals_latest') }}
    where release_code = 'live'

),

journals_known as (

    select * from {{ ref('int_journals_known') }}
    where release_code = 'live'

),

journals as (

    select
        journals_known.root_id,
        journals_known.known_at,
        journals_latest.first_received_date,
        family_months.*
    from family_months
    inner join journals_latest
        on
            family_months.family_key = journals_latest.family_key
            and family_months.journal_month = journals_latest.journal_month
    inner join journals_known
        on
            journals_latest.form_id = journals_known.form_id
            and journals_latest.submission_id = journals_known.submission_id

)

-- The month before stands beside each month; null where it has no journal, as two
-- months apart cannot be compared with what was put in or taken out in one.
select
    *,
    case
        when lag(journal_month) over by_month = journal_month - interval '1 month'
            then lag(income_local) over by_month
    end as previous_income_local,
    case
        when lag(journal_month) over by_month = journal_month - interval '1 month'
            then lag(savings_balance_local) over by_month
    end as previous_savings_balance_local,
    case
        when lag(journal_month) over by_month = journal_month - interval '1 month'
            then lag(household_member_count) over by_month
    end as previous_household_member_count
from journals
window by_month as (partition by family_key order by journal_month)
