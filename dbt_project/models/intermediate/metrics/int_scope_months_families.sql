with

family_months as (

    select * from {{ ref('int_family_months_consented') }}
    where release_code = 'live'

),

prices as (

    select * from {{ ref('int_monthly_prices') }}

),

priced as (

    select
        family_months.*,
        family_months.income_local / prices.price_level_to_launch as income_real_local,
        family_months.income_local / prices.local_per_usd_ppp as income_usd_ppp
    from family_months
    left join prices
        on
            family_months.cohort_code = prices.cohort_code
            and family_months.country_code = prices.country_code
            and family_months.currency_code = prices.currency_code
            and family_months.journal_month = prices.journal_month

)

-- Where a cohort spans currencies, its money has no mean in any of them.
select
    scopes.scope_type_code,
    scopes.scope_code,
    priced.family_key,
    priced.country_code,
    priced.currency_code,
    priced.journal_status_code,
    priced.months_since_launch_count,
    priced.income_local,
    priced.income_real_local,
    priced.income_usd_ppp,
    priced.savings_balance_local,
    priced.debt_balance_local,
    priced.circle_contributed_local,
    priced.given_local,
    priced.satisfaction_score,
    priced.control_score,
    priced.is_in_lending_circle,
    min(priced.currency_code) over same_scope
    = max(priced.currency_code) over same_scope as is_in_one_currency,
    priced.journal_month
from priced
cross join
    lateral (
        values
        ('country', priced.country_code),
        ('site', priced.site_code),
        ('cohort', priced.cohort_code)
    ) as scopes (scope_type_code, scope_code)
window
    same_scope as (
        partition by
            scopes.scope_type_code,
            scopes.scope_code,
            priced.journal_month
    )
