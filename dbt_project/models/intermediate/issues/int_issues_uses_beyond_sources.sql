with

journals as (

    select * from {{ ref('int_journal_months') }}

),

limits as (

    select * from {{ ref('stg_reference__data_quality_rules') }}
    where rule_code = 'uses_beyond_sources'

),

-- What was not asked, or not answered, counts as 0 here: the margin only says where to
-- ask. Without an income nothing can be said.
sums as (

    select
        *,
        income_local
        + coalesce(income_programme_local, 0)
        + coalesce(received_cash_local, 0)
        + coalesce(savings_withdrawn_local, 0)
        + coalesce(debt_new_local, 0)
        + coalesce(circle_payout_local, 0)
            as sources_local,
        coalesce(saved_local, 0)
        + coalesce(debt_paid_local, 0)
        + coalesce(circle_contributed_local, 0)
        + coalesce(given_cash_local, 0)
        + coalesce(school_spend_local, 0)
        + coalesce(health_spend_local, 0)
        + coalesce(home_spend_local, 0)
        + coalesce(bought_from_families_local, 0)
            as uses_local
    from journals
    where income_local is not null

)

select
    {{ issue_columns(
        'uses_beyond_sources',
        ['root_id'],
        observed="'used ' || sums.uses_local",
        expected="'up to ' || sums.sources_local",
    ) }}
from sums
cross join limits
where
    sums.uses_local - sums.sources_local
    > limits.upper_limit * greatest(sums.uses_local, sums.sources_local)
