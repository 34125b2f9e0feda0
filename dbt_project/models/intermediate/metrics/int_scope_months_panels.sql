with

family_months as (

    select * from {{ ref('int_family_months') }}
    where release_code = 'live'

),

prices as (

    select * from {{ ref('int_monthly_prices') }}

),

priced as (

    select
        family_months.release_code,
        priced_incomes.price_code,
        family_months.currency_code as unit_code,
        family_months.family_key,
        family_months.country_code,
        family_months.site_code,
        family_months.cohort_code,
        family_months.peer_group_code,
        priced_incomes.income,
        family_months.launch_month,
        family_months.journal_month
    from family_months
    left join prices
        on
            family_months.cohort_code = prices.cohort_code
            and family_months.country_code = prices.country_code
            and family_months.journal_month = prices.journal_month
    cross join
        lateral (
            values
            ('nominal', family_months.income_local),
            ('real', family_months.income_local / prices.price_level_to_launch)
        ) as priced_incomes (price_code, income)
    where priced_incomes.income is not null

)

-- Each month of a family beside its own launch month. Both carry the month as their
-- window, so cohorts of one country that launched at different times add up.
select
    months.release_code,
    'balanced' as panel_code,
    launches.price_code,
    'kept' as outlier_code,
    'household' as denominator_code,
    launches.unit_code,
    both_ends.end_code,
    launches.family_key,
    launches.country_code,
    launches.site_code,
    launches.cohort_code,
    launches.peer_group_code,
    both_ends.measured,
    1 as weight,
    months.journal_month as start_month,
    months.journal_month as end_month
from priced as launches
inner join priced as months
    on
        launches.family_key = months.family_key
        and launches.price_code = months.price_code
cross join
    lateral (
        values ('start', launches.income), ('end', months.income)
    ) as both_ends (end_code, measured)
where launches.journal_month = launches.launch_month
