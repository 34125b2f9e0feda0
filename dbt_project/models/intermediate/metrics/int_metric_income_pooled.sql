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

incomes_in_ppp as (

    select * from {{ ref('int_metric_incomes_in_ppp') }}

),

growths as (

    {{ compare_ends('incomes_in_ppp', 'growth', scope_type_codes=['all']) }}

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
