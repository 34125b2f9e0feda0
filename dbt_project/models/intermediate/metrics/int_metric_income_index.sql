with

chained as (

    select * from {{ ref('int_metric_income_chained') }}

),

chained_indexes as (

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
compared_ends as (

    select * from {{ ref('int_metric_income_since_launch') }}
    where
        statistic_code = 'growth_of_means'
        and panel_code = 'balanced'
        and outlier_code = 'kept'
        and denominator_code = 'household'

),

drifts as (

    select
        chained_indexes.release_code,
        chained_indexes.scope_type_code,
        chained_indexes.scope_code,
        chained_indexes.start_month,
        chained_indexes.end_month,
        chained_indexes.panel_code,
        chained_indexes.price_code,
        chained_indexes.outlier_code,
        chained_indexes.denominator_code,
        'drift' as category_code,
        chained_indexes.country_code,
        'difference' as statistic_code,
        chained_indexes.value - 100 * (1 + compared_ends.value) as value,
        chained_indexes.value as numerator,
        null::numeric as denominator,
        least(chained_indexes.family_count, compared_ends.family_count) as family_count,
        least(chained_indexes.peer_group_count, compared_ends.peer_group_count) as peer_group_count,
        null::numeric as standard_error,
        null::integer as degrees_of_freedom,
        null::numeric as interval_low,
        null::numeric as interval_high
    from chained_indexes
    inner join compared_ends
        on
            chained_indexes.release_code = compared_ends.release_code
            and chained_indexes.scope_type_code = compared_ends.scope_type_code
            and chained_indexes.scope_code = compared_ends.scope_code
            and chained_indexes.start_month = compared_ends.start_month
            and chained_indexes.end_month = compared_ends.end_month
            and chained_indexes.price_code = compared_ends.price_code

)

{{ metric_rows('M04', ['chained_indexes', 'drifts']) }}
