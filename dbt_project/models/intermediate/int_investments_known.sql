with

investments as (

    select * from {{ ref('stg_forms__investments') }}

),

releases as (

    select * from {{ ref('int_releases') }}

),

versions_known as (

    select
        releases.release_code,
        investments.*,
        row_number() over (
            partition by
                releases.release_code, investments.form_id, investments.submission_id
            order by investments.version_number desc
        ) as newness_rank
    from investments
    inner join releases on investments.known_at <= releases.known_as_of

)

select
    release_code,
    form_id,
    submission_id,
    version_number,
    root_id,
    site_code,
    family_code,
    stage_code,
    investment_code,
    stage_date,
    requested_local,
    main_use_code,
    is_for_child,
    strategy_code,
    is_peer_tested,
    own_contribution_local,
    decision_code,
    paid_local,
    payment_method_code,
    spendings,
    has_supported_child,
    supported_child_count,
    status_code,
    income_effect_code,
    has_helped_others,
    review_state_code in ('none', 'approved') as is_accepted,
    received_at,
    known_at
from versions_known
where
    newness_rank = 1
    and change_code <> 'deleted'
    and coalesce(family_code, '') not ilike 'TEST-%'
    and entered_by_id is distinct from 'demo'
