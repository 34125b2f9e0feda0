with

panels as (

    select
        *,
        min(country_code) over same_window <> max(country_code) over same_window
            as spans_countries
    from {{ ref('int_metric_panels') }}
    where
        window_code = 'launch_to_end'
        and measure_code = 'income'
        and panel_code = 'balanced'
        and outlier_code = 'kept'
        and denominator_code = 'household'
    window same_window as (partition by release_code, start_month, end_month)

)

select
    release_code,
    window_code,
    end_code,
    measure_code,
    panel_code,
    outlier_code,
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
from panels
where spans_countries
