-- A missing journal is not a zero (convention C9): its month holds no measure at all.
-- It does not forbid a reported month to leave single measures empty.
select
    family_key,
    journal_month
from {{ ref('fct_family_months') }}
where
    (journal_status_code not in ('on_time', 'late'))
    and num_nonnulls(
        income_local, savings_balance_local, is_in_lending_circle, given_local,
        satisfaction_score, control_score, household_member_count, submitted_at
    ) > 0
