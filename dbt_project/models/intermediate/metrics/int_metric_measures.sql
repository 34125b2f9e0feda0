with

ends as (select * from {{ ref('int_metric_ends') }}),

prices as (select * from {{ ref('int_monthly_prices') }}),

-- A new measure of families is one more row here. `weight` is what a mean divides by:
-- the household itself, or whether it takes part.
measured as (

    select
        ends.*,
        measures.measure_code,
        measures.denominator_code,
        measures.is_money,
        measures.measured as reported,
        measures.weight
    from ends
    cross join
        lateral (
            values
            ('income', 'household', true, ends.income_local, 1),
            (
                'income', 'per_capita', true,
                ends.income_local / nullif(ends.household_member_count, 0), 1
            ),
            (
                'income', 'per_adult_equivalent', true,
                ends.income_local / ends.adult_equivalent_count, 1
            ),
            (
                'income_with_programme', 'household', true,
                ends.income_local + ends.income_programme_local, 1
            ),
            ('savings_balance', 'household', true, ends.savings_balance_local, 1),
            (
                'saver', 'household', false,
                (ends.savings_balance_local > 0)::integer::numeric, 1
            ),
            ('debt_balance', 'household', true, ends.debt_balance_local, 1),
            (
                'circle_contribution', 'household', true,
                ends.circle_contributed_local, 1
            ),
            (
                'circle_contribution', 'per_participant', true,
                ends.circle_contributed_local, ends.is_in_lending_circle::integer
            ),
            (
                'circle_membership', 'household', false,
                ends.is_in_lending_circle::integer::numeric, 1
            ),
            ('satisfaction', 'household', false, ends.satisfaction_score::numeric, 1),
            ('control', 'household', false, ends.control_score::numeric, 1)
        ) as measures (measure_code, denominator_code, is_money, measured, weight)
    where measures.measured is not null and measures.weight is not null

),

-- Money in three kinds of prices; anything else once. A month without a published price
-- has no real value, so the family is not in that panel.
priced as (

    select
        measured.*,
        in_prices.price_code,
        in_prices.unit_code,
        in_prices.measured
    from measured
    left join prices
        on
            measured.cohort_code = prices.cohort_code
            and measured.country_code = prices.country_code
            and measured.currency_code = prices.currency_code
            and measured.price_month = prices.journal_month
    cross join
        lateral (
            values
            (
                'nominal',
                case
                    when measured.is_money then measured.currency_code else 'number'
                end,
                measured.reported
            ),
            (
                'real', measured.currency_code,
                measured.reported / prices.price_level_to_launch
            ),
            ('usd_ppp', 'USD_PPP', measured.reported / prices.local_per_usd_ppp)
        ) as in_prices (price_code, unit_code, measured)
    where
        in_prices.measured is not null
        and (measured.is_money or in_prices.price_code = 'nominal')

)

select
    release_code,
    window_code,
    end_code,
    measure_code,
    denominator_code,
    price_code,
    unit_code,
    family_key,
    country_code,
    site_code,
    cohort_code,
    peer_group_code,
    measured,
    weight,
    start_month,
    end_month,
    measured_month
from priced
