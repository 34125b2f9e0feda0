with

stages as (

    select * from {{ ref('int_investment_stages_latest') }}

),

families as (

    select * from {{ ref('int_families') }}

),

placements as (

    select * from {{ ref('int_family_placements') }}

),

-- The three steps are three submissions; the newest of each says how it stands.
steps_joined as (

    select
        release_code,
        investment_code,
        max(family_key) as family_key,
        max(main_use_code) as main_use_code,
        max(strategy_code) as strategy_code,
        max(decision_code) as decision_code,
        max(payment_method_code) as payment_method_code,
        max(status_code) as investment_status_code,
        max(income_effect_code) as income_effect_code,
        max(requested_local) as requested_local,
        max(paid_local) as paid_local,
        max(own_contribution_local) as own_contribution_local,
        max(spent_local) as spent_local,
        max(supported_child_count) as supported_child_count,
        coalesce(max(decision_code) = 'paid', false) as is_paid,
        bool_or(is_for_child) as is_for_child_as_requested,
        bool_or(has_supported_child) as has_supported_child,
        bool_or(is_peer_tested) as is_peer_tested,
        bool_or(has_helped_others) as has_helped_others,
        max(stage_date) filter (where stage_code = 'request') as requested_date,
        max(stage_date) filter (where stage_code = 'decision') as decided_date,
        max(stage_date) filter (where stage_code = 'followup') as followed_up_date,
        min(stage_date) as first_date
    from stages
    group by release_code, investment_code

)

select
    steps_joined.release_code,
    steps_joined.investment_code,
    steps_joined.family_key,
    families.country_code,
    placements.site_code,
    placements.peer_group_code,
    families.cohort_code,
    families.currency_code,
    steps_joined.main_use_code,
    steps_joined.strategy_code,
    steps_joined.decision_code,
    steps_joined.payment_method_code,
    steps_joined.investment_status_code,
    steps_joined.income_effect_code,
    steps_joined.requested_local,
    steps_joined.paid_local,
    steps_joined.own_contribution_local,
    steps_joined.spent_local,
    case when families.consents_to_health then steps_joined.supported_child_count end
        as supported_child_count,
    case
        when steps_joined.is_paid
            then steps_joined.decided_date - steps_joined.requested_date
    end as request_to_payment_days,
    steps_joined.is_paid,
    coalesce(steps_joined.has_supported_child, steps_joined.is_for_child_as_requested)
        as is_for_child,
    steps_joined.is_for_child_as_requested,
    steps_joined.is_peer_tested,
    steps_joined.has_helped_others,
    steps_joined.requested_date,
    steps_joined.decided_date,
    case when steps_joined.is_paid then steps_joined.decided_date end as paid_date,
    steps_joined.followed_up_date
from steps_joined
inner join families
    on
        steps_joined.release_code = families.release_code
        and steps_joined.family_key = families.family_key
inner join placements
    on
        steps_joined.release_code = placements.release_code
        and steps_joined.family_key = placements.family_key
        and greatest(steps_joined.first_date, families.enrolled_date)
        between placements.valid_from_date
        and coalesce(placements.valid_to_date, 'infinity')
