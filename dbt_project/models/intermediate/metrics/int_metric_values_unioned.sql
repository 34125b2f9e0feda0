with

unioned as (

    {{ union_of_metrics() }}

),

quantiles as (

    select * from {{ ref('stg_reference__student_t_quantiles') }}

)

select
    unioned.metric_code,
    unioned.scope_type_code,
    unioned.scope_code,
    unioned.country_code,
    unioned.panel_code,
    unioned.statistic_code,
    unioned.price_code,
    unioned.outlier_code,
    unioned.denominator_code,
    unioned.category_code,
    unioned.release_code,
    unioned.value,
    unioned.numerator,
    unioned.denominator,
    unioned.family_count,
    unioned.peer_group_count,
    unioned.standard_error,
    -- Jackknifed figures get their interval here, shares of families bring theirs.
    coalesce(
        unioned.interval_low,
        unioned.value - quantiles.quantile * unioned.standard_error
    ) as interval_low,
    coalesce(
        unioned.interval_high,
        unioned.value + quantiles.quantile * unioned.standard_error
    ) as interval_high,
    unioned.start_month,
    unioned.end_month
from unioned
left join quantiles
    on
        quantiles.degrees_of_freedom = least(
            unioned.degrees_of_freedom,
            (select max(tabled.degrees_of_freedom) from quantiles as tabled)
        )
