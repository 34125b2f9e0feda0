-- Each definition of the income change from launch, the headline first.
with

changes as (

    select
        *,
        case
            when metric_code = 'M08' then 'with_programme_money'
            when denominator_code = 'per_capita' then 'per_capita'
            when outlier_code = 'winsorised' then 'winsorised'
            when price_code = 'real' then 'real'
            when panel_code <> 'balanced' then panel_code
            when statistic_code <> 'growth_of_means' then statistic_code
            else 'canonical'
        end as variant_code,
        (metric_code = 'M08')::integer
        + (denominator_code = 'per_capita')::integer
        + (outlier_code = 'winsorised')::integer
        + (price_code <> 'nominal')::integer
        + (panel_code <> 'balanced')::integer
        + (statistic_code <> 'growth_of_means')::integer as departure_count
    from share.metric_values
    where
        metric_code in ('M03', 'M08')
        and scope_type_code = 'country'
        and start_month < end_month
        and price_code in ('nominal', 'real')
        and statistic_code in (
            'growth_of_means',
            'mean_of_changes',
            'median_of_changes',
            'growth_of_medians'
        )

)

select
    scope_code as country_code,
    release_code,
    variant_code,
    suppression_reason_code,
    value,
    family_count,
    interval_low,
    interval_high,
    is_suppressed
from changes
where departure_count <= 1
order by
    array_position(
        array[
            'canonical',
            'real',
            'all_reporters',
            'chained',
            'mean_of_changes',
            'median_of_changes',
            'growth_of_medians',
            'winsorised',
            'with_programme_money',
            'per_capita'
        ],
        variant_code
    ),
    country_code,
    release_code
