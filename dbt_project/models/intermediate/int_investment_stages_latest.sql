with

investments as (

    select * from {{ ref('int_investments_known') }}

),

family_codes as (

    select * from {{ ref('int_family_codes_resolved') }}

),

stages_ranked as (

    select
        investments.*,
        family_codes.family_key,
        row_number() over (
            partition by
                investments.release_code,
                investments.investment_code,
                investments.stage_code
            order by
                investments.stage_date desc,
                investments.received_at desc,
                length(investments.submission_id) desc,
                investments.submission_id desc
        ) as newness_rank
    from investments
    inner join family_codes
        on
            investments.release_code = family_codes.release_code
            and investments.family_code = family_codes.reported_code
    where
        investments.is_accepted
        and investments.investment_code is not null
        and family_codes.family_key is not null

)

select
    release_code,
    investment_code,
    stage_code,
    family_key,
    main_use_code,
    strategy_code,
    decision_code,
    payment_method_code,
    status_code,
    income_effect_code,
    requested_local,
    paid_local,
    own_contribution_local,
    (
        select sum((spending.answers ->> 'spent_local')::numeric(14, 2))
        from jsonb_array_elements(stages_ranked.spendings) as spending (answers)
    ) as spent_local,
    spendings,
    supported_child_count,
    is_for_child,
    has_supported_child,
    is_peer_tested,
    has_helped_others,
    stage_date
from stages_ranked
where newness_rank = 1
