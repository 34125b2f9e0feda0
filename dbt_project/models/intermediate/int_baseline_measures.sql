with

enrolments as (

    select * from {{ ref('stg_kobo__enrolments') }}

)

-- The baseline asks what the journal asks, in the same words, and follows its rules.
select
    form_id,
    submission_id,
    version_number,
    case when savings_any_code = 'no' then 0 else savings_balance_local end
        as savings_balance_local,
    saved_local,
    savings_withdrawn_local,
    debt_balance_local,
    debt_new_local,
    debt_paid_local,
    is_in_lending_circle,
    case when not is_in_lending_circle then 0 else circle_count end as circle_count,
    case when not is_in_lending_circle then 0 else circle_contributed_local end
        as circle_contributed_local,
    case when not is_in_lending_circle then 0 else circle_payout_local end
        as circle_payout_local,
    given_cash_local + given_kind_local as given_local,
    given_cash_local,
    given_kind_local,
    given_hours,
    received_cash_local + received_kind_local as received_local,
    received_cash_local,
    received_kind_local,
    bought_from_families_local,
    sold_to_families_local,
    satisfaction_score,
    ladder_now_score,
    ladder_future_score,
    control_score,
    jsonb_array_length(members) as household_member_count,
    (
        select count(*)
        from jsonb_array_elements(enrolments.members) as member (answers)
        where (member.answers ->> 'age_years')::integer < 14
    )::integer as household_under_14_count
from enrolments
