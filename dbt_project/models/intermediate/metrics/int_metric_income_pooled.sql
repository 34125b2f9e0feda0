with

growths_of_windows as (

    select
        *,
        count(*) over (
            partition by release_code, start_month, end_month, price_code
        ) as country_count
    from {{ ref('int_metric_income_since_launch') }}
    where
        scope_type_code = 'country'
        and statistic_code = 'growth_of_means'
        and panel_code = 'balanced'
        and outlier_code = 'kept'
        and denominator_code = 'household'
        and price_code in ('nominal', 'real')

),

-- One country is nothing to pool: its figure under another name would only mislead.
country_growths as (

    select * from growths_of_windows
    where country_count > 1

),

panels as (

    select * from {{ ref('int_metric_panels_pooled') }}

),

prices as (

    select * from {{ ref('int_monthly_prices') }}

),

-- One factor per country for both ends, that of its launch month: the figure converts
-- currencies and leaves prices alone. `real` takes the factor of each month.
converted as (

    select
        panels.release_code,
        panels.panel_code,
        'usd_ppp' as price_code,
        panels.outlier_code,
        panels.denominator_code,
        'USD_PPP' as unit_code,
        panels.end_code,
        panels.family_key,
        panels.country_code,
        panels.site_code,
        panels.cohort_code,
        panels.peer_group_code,
        panels.measured / prices.local_per_usd_ppp as measured,
        panels.weight,
        panels.start_month,
        panels.end_month
    from panels
    inner join prices
        on
            panels.cohort_code = prices.cohort_code
            and panels.country_code = prices.country_code
            and panels.unit_code = prices.currency_code
            and panels.start_month = prices.journal_month
    where panels.price_code = 'nominal' and prices.local_per_usd_ppp is not null
    union all
    select
        release_code,
        panel_code,
        'real' as price_code,
        outlier_code,
        denominator_code,
        unit_code,
        end_code,
        family_key,
        country_code,
        site_code,
        cohort_code,
        peer_group_code,
        measured,
        weight,
        start_month,
        end_month
    from panels
    where price_code = 'usd_ppp'

),

growths as (

    {{ compare_ends('converted', 'growth', scope_type_codes=['all']) }}

),

country_means as (

    {{ mean_of_figures('country_growths', 'mean_of_country_growths', weight='1') }}

),

-- The mean over families of end income over their country's start mean is the mean of
-- the country growths, weighted by families.
family_means as (

    {{ mean_of_figures('country_growths', 'index_mean', weight='family_count') }}

)

{{ metric_rows('M07', ['growths', 'country_means', 'family_means']) }}
