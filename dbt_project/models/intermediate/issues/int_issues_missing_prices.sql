with

family_months as (

    select * from {{ ref('int_family_months') }}
    where release_code = 'live' and income_local is not null

),

baselines as (

    select * from {{ ref('int_family_baselines') }}
    where release_code = 'live' and income_local is not null

),

prices as (

    select * from {{ ref('int_monthly_prices') }}

),

incomes as (

    select
        site_code,
        cohort_code,
        country_code,
        currency_code,
        journal_month,
        submitted_at
    from family_months
    union all
    select
        site_code,
        cohort_code,
        country_code,
        currency_code,
        baseline_month as journal_month,
        submitted_at
    from baselines

),

-- What is missing is the same for every family of the site's month: one issue for all.
unpriced as (

    select
        incomes.site_code,
        incomes.currency_code,
        incomes.journal_month,
        count(*) as income_count,
        bool_or(prices.consumer_price_index is null) as lacks_index,
        bool_or(prices.price_level_to_launch is null) as lacks_level,
        bool_or(prices.local_per_usd_ppp is null) as lacks_factor,
        max(incomes.submitted_at) as opened_at
    from incomes
    left join prices
        on
            incomes.cohort_code = prices.cohort_code
            and incomes.country_code = prices.country_code
            and incomes.currency_code = prices.currency_code
            and incomes.journal_month = prices.journal_month
    where
        prices.price_level_to_launch is null or prices.local_per_usd_ppp is null
    group by incomes.site_code, incomes.currency_code, incomes.journal_month

)

select
    {{ issue_columns(
        'price_missing',
        ['site_code', 'currency_code', 'journal_month'],
        root_id='null',
        family_key='null',
        observed="concat_ws(
            '; ',
            income_count || ' incomes in ' || currency_code,
            case
                when lacks_index then 'no price index of the month'
                when lacks_level then 'no price index of the launch'
            end,
            case when lacks_factor then 'no purchasing power' end
        )",
        opened_at='opened_at',
    ) }}
from unpriced
