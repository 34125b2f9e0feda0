with

investments as (

    select * from {{ ref('int_investments') }}

)

select
    investment_code,
    family_key,
    country_code,
    site_code,
    peer_group_code,
    cohort_code,
    currency_code,
    main_use_code,
    strategy_code,
    decision_code,
    payment_method_code,
    investment_status_code,
    income_effect_code,
    requested_local,
    paid_local,
    own_contribution_local,
    spent_local,
    supported_child_count,
    request_to_payment_days,
    is_paid,
    is_for_child,
    is_for_child_as_requested,
    is_peer_tested,
    has_helped_others,
    requested_date,
    decided_date,
    paid_date,
    followed_up_date
from investments
where release_code = {{ shown_release() }}
