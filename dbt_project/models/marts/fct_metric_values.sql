with

metric_values as (

    select * from {{ ref('int_metric_values_unioned') }}

),

metrics as (

    select * from {{ ref('stg_reference__metrics') }}

),

price_frequencies as (

    select distinct
        country_code,
        price_frequency_code
    from {{ ref('int_monthly_price_indexes') }}

),

computed as (

    select
        metric_values.metric_code,
        metric_values.scope_type_code,
        metric_values.scope_code,
        metric_values.country_code,
        metric_values.panel_code,
        metric_values.statistic_code,
        metric_values.price_code,
        price_frequencies.price_frequency_code,
        metric_values.outlier_code,
        metric_values.denominator_code,
        metric_values.category_code,
        metric_values.release_code,
        metrics.definition_version,
        metric_values.value,
        metric_values.numerator,
        metric_values.denominator,
        metric_values.family_count,
        metric_values.peer_group_count,
        metric_values.standard_error,
        metric_values.interval_low,
        metric_values.interval_high,
        metric_values.start_month,
        metric_values.end_month
    from metric_values
    inner join metrics on metric_values.metric_code = metrics.metric_code
    left join price_frequencies
        on
            metric_values.country_code = price_frequencies.country_code
            and metric_values.price_code <> 'nominal'

)

{{ with_frozen_rows('computed', lacking={'category_code': "'total'"}) }}
