with

giving as (

    select * from {{ ref('int_metric_giving') }}
    -- In a ratio prices cancel: one kind of them is enough.
    where
        statistic_code = 'share'
        and price_code = 'nominal'
        and scope_type_code <> 'all'

),

ranked as (

    select
        windows.release_code,
        windows.scope_type_code,
        windows.scope_code,
        windows.start_month,
        windows.end_month,
        windows.panel_code,
        windows.price_code,
        windows.outlier_code,
        windows.denominator_code,
        windows.category_code,
        months.country_code,
        'highest_month' as statistic_code,
        months.value,
        months.numerator,
        months.denominator,
        months.family_count,
        months.peer_group_count,
        -- The largest of many is not one figure with one error.
        null::numeric as standard_error,
        null::integer as degrees_of_freedom,
        null::numeric as interval_low,
        null::numeric as interval_high,
        row_number() over (
            partition by
                windows.release_code,
                windows.scope_type_code,
                windows.scope_code,
                windows.category_code,
                windows.start_month,
                windows.end_month
            order by months.value desc, months.start_month asc
        ) as month_rank
    from giving as windows
    inner join giving as months
        on
            windows.release_code = months.release_code
            and windows.scope_type_code = months.scope_type_code
            and windows.scope_code = months.scope_code
            and windows.category_code = months.category_code
    where
        windows.start_month < windows.end_month
        and months.start_month = months.end_month
        and months.start_month between windows.start_month and windows.end_month

),

highest as (

    select * from ranked
    where month_rank = 1

)

{{ metric_rows('M36', ['highest']) }}
