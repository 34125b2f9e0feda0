-- A family that is left out, such as one whose wish for erasure is known, is in no
-- table of that release, and in none of the marts where the release is the live one.
-- A release from before the wish keeps what it published.
with

families_erased as (

    select
        release_code,
        family_key
    from {{ ref('int_families_left_out') }}

),

appearances as (

    select
        release_code,
        family_key
    from {{ ref('int_family_months') }}
    union all
    select
        release_code,
        family_key
    from {{ ref('int_family_baselines') }}
    union all
    select
        release_code,
        family_key
    from {{ ref('int_investments') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('dim_families') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('dim_family_placements') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_family_months') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_family_baselines') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_income_sources') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_mutual_support') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_shocks') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_strategy_uses') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_goal_events') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_investments') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_investment_uses') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_journal_payments') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_meeting_attendance') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_strategies_shared') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_consent_events') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_family_events') }}
    union all
    select
        'live' as release_code,
        new_family_key as family_key
    from {{ ref('fct_family_events') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_savings') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_saving_purposes') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_loans') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_submission_changes') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('fct_reviewed_texts') }}
    union all
    select
        'live' as release_code,
        family_key
    from {{ ref('data_issues') }}

)

select distinct
    appearances.release_code,
    appearances.family_key
from appearances
inner join families_erased
    on
        appearances.release_code = families_erased.release_code
        and appearances.family_key = families_erased.family_key
