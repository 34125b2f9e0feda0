with

chained as (

    select * from {{ ref('int_metric_income_chained') }}

),

indexes as (

    select
        {{ comparison_columns() }},
        country_code,
        'index' as statistic_code,
        100 * numerator as value,
        100 * numerator as numerator,
        100 as denominator,
        family_count,
        peer_group_count,
        100 * standard_error as standard_error,
        degrees_of_freedom,
        interval_low,
        interval_high
    from chained

),

-- How far a chain of months has drifted from the comparison of both ends: another set
-- of families, and what the figure says is how much that matters.
ends as (

    select * from {{ ref('int_metric_income_since_launch') }}
    where
        statistic_code = 'growth_of_means'
        and panel_code = 'balanced'
        and outlier_code = 'kept'
        and denominator_code = 'household'

),

drifts as (

    select
        indexes.release_code,
        indexes.scope_type_code,
        indexes.scope_code,
        indexes.start_month,
        indexes.end_month,
        indexes.panel_code,
        indexes.price_code,
        indexes.outlier_code,
        indexes.denominator_code,
        'drift' as category_code,
        indexes.country_code,
        'difference' as statistic_code,
        indexes.value - 100 * (1 + ends.value) as value,
        indexes.value as numerator,
        null::numeric as denominator,
        least(indexes.family_count, ends.family_count) as family_count,
        least(indexes.peer_group_count, ends.peer_group_count) as peer_group_count,
        null::numeric as standard_error,
        null::integer as degrees_of_freedom,
        null::numeric as interval_low,
        null::numeric as interval_high
    from indexes
    inner join ends
        on
            indexes.release_code = ends.release_code
            and indexes.scope_type_code = ends.scope_type_code
            and indexes.scope_code = ends.scope_code
            and indexes.start_month = ends.start_month
            and indexes.end_month = ends.end_month
            and indexes.price_code = ends.price_code

)

{{ metric_rows('M04', ['indexes', 'drifts']) }}
