with

windows as (

    select * from {{ ref('int_metric_windows') }}
    where window_code = 'launch_to_end'

),

family_months as (

    select * from {{ ref('int_family_months') }}
    where income_local is not null

),

prices as (

    select * from {{ ref('int_monthly_prices') }}

),

incomes as (

    select
        windows.release_code,
        windows.start_month,
        windows.end_month,
        family_months.family_key,
        family_months.journal_month,
        family_months.country_code,
        family_months.site_code,
        family_months.cohort_code,
        family_months.peer_group_code,
        priced.price_code,
        priced.unit_code,
        priced.income
    from windows
    inner join family_months
        on
            windows.release_code = family_months.release_code
            and windows.cohort_code = family_months.cohort_code
            and family_months.journal_month
            between windows.start_month and windows.end_month
    left join prices
        on
            family_months.cohort_code = prices.cohort_code
            and family_months.country_code = prices.country_code
            and family_months.journal_month = prices.journal_month
    cross join
        lateral (
            values
            ('nominal', family_months.currency_code, family_months.income_local),
            (
                'real',
                family_months.currency_code,
                family_months.income_local / prices.price_level_to_launch
            ),
            (
                'usd_ppp',
                'USD_PPP',
                family_months.income_local / prices.local_per_usd_ppp
            )
        ) as priced (price_code, unit_code, income)
    where priced.income is not null

),

with_next_month as (

    select
        *,
        lead(journal_month) over same_family as next_month,
        lead(income) over same_family as next_income
    from incomes
    window
        same_family as (
            partition by release_code, family_key, price_code
            order by journal_month
        )

),

-- Families matched from one month to the next: one that joins or leaves counts for the
-- months it was there.
steps as (

    select
        release_code,
        'chained' as panel_code,
        price_code,
        'kept' as outlier_code,
        'household' as denominator_code,
        unit_code,
        family_key,
        country_code,
        site_code,
        cohort_code,
        peer_group_code,
        income as earlier_income,
        next_income as later_income,
        next_month as step_month,
        start_month,
        end_month
    from with_next_month
    where next_month = journal_month + interval '1 month'

),

growths as (

    {{ chained_growth('steps') }}

)

{{ metric_rows('M03', ['growths']) }}
