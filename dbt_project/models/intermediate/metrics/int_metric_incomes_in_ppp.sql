with

panels as (

    select * from {{ ref('int_metric_panels') }}
    where
        window_code = 'launch_to_end'
        and measure_code = 'income'
        and panel_code = 'balanced'
        and outlier_code = 'kept'
        and denominator_code = 'household'

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
        panels.category_code,
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
        category_code,
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

-- Whatever has no factor is gone by now: what is left of one country is no pool.
converted_of_windows as (

    select
        *,
        min(country_code) over same_window <> max(country_code) over same_window
            as spans_countries
    from converted
    window
        same_window as (
            partition by release_code, start_month, end_month, price_code
        )

)

select
    release_code,
    panel_code,
    price_code,
    outlier_code,
    denominator_code,
    category_code,
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
from converted_of_windows
where spans_countries
