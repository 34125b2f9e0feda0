with

panels as (

    select * from {{ ref('int_metric_panels') }}
    where
        window_code = 'launch_to_end'
        and measure_code = 'income'
        and outlier_code = 'kept'
        and denominator_code = 'household'
        and price_code in ('nominal', 'real')

),

shares as (

    {{ distribution_of_changes('panels') }}

)

{{ metric_rows('M05', ['shares']) }}
