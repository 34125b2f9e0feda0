with

chained as (

    select * from {{ ref('int_metric_income_chained') }}

),

launch_indexes as (

    select
        {{ comparison_columns() }},
        country_code,
        'index' as statistic_code,
        100 * numerator as value, -- noqa: RF04
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
both_ends as (

    select * from {{ ref('int_metric_income_since_launch') }}
    where
        statistic_code = 'growth_of_means'
        and panel_code = 'balanced'
        and outlier_code = 'kept'
        and denominator_code = 'household'

),

drifts as (

    select
        launch_indexes.release_code,
        launch_indexes.scope_type_code,
        launch_indexes.scope_code,
        launch_indexes.start_month,
        launch_indexes.end_month,
        launch_indexes.panel_code,
        launch_indexes.price_code,
        launch_indexes.outlier_code,
        launch_indexes.denominator_code,
        'drift' as category_code,
        launch_indexes.country_code,
        'difference' as statistic_code,
        launch_indexes.value - 100 * (1 + both_ends.value) as value, -- noqa: RF04
        launch_indexes.value as numerator,
        null::numeric as denominator,
        least(launch_indexes.family_count, both_ends.family_count) as family_count,
        least(launch_indexes.peer_group_count, both_ends.peer_group_count)
            as peer_group_count,
        null::numeric as standard_error,
        null::integer as degrees_of_freedom,
        null::numeric as interval_low,
        null::numeric as interval_high
    from launch_indexes
    inner join both_ends
        on
            launch_indexes.release_code = both_ends.release_code
            and launch_indexes.scope_type_code = both_ends.scope_type_code
            and launch_indexes.scope_code = both_ends.scope_code
            and launch_indexes.start_month = both_ends.start_month
            and launch_indexes.end_month = both_ends.end_month
            and launch_indexes.price_code = both_ends.price_code

)

{{ metric_rows('M04', ['launch_indexes', 'drifts']) }}
