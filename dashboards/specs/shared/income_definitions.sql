-- Each definition of the income change from launch, the headline first. The window is
-- that of the first launch in the newest release.
with

changes as (

    select
        *,
        case
            when metric_code = 'M08' then 'with_programme_money'
            when denominator_code <> 'household' then denominator_code
            when outlier_code = 'winsorised' then 'winsorised'
            when price_code = 'real' then 'real'
            when panel_code <> 'balanced' then panel_code
            when statistic_code <> 'growth_of_means' then statistic_code
            else 'canonical'
        end as variant_code,
        (metric_code = 'M08')::integer
        + (denominator_code <> 'household')::integer
        + (outlier_code = 'winsorised')::integer
        + (price_code <> 'nominal')::integer
        + (panel_code <> 'balanced')::integer
        + (statistic_code <> 'growth_of_means')::integer as departure_count
    from share.metric_values
    where
        metric_code in ('M03', 'M08')
        and scope_type_code = 'country'
        and category_code = 'total'
        and start_month < end_month
        and price_code in ('nominal', 'real')
        and statistic_code in (
            'growth_of_means',
            'mean_of_changes',
            'median_of_changes',
            'growth_of_medians'
        )

),

chosen_windows as (

    select distinct on (scope_code)
        scope_code,
        start_month,
        end_month
    from changes
    order by
        scope_code asc,
        (release_code = 'live') asc,
        release_code desc,
        start_month asc,
        end_month desc

)

select
    changes.scope_code as country_code,
    changes.release_code,
    changes.start_month,
    changes.end_month,
    changes.variant_code,
    changes.suppression_reason_code,
    changes.value,
    changes.family_count,
    changes.interval_low,
    changes.interval_high,
    changes.is_suppressed
from changes
inner join chosen_windows
    on
        changes.scope_code = chosen_windows.scope_code
        and changes.start_month = chosen_windows.start_month
        and changes.end_month = chosen_windows.end_month
where changes.departure_count <= 1
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
            'per_capita',
            'per_adult_equivalent'
        ],
        changes.variant_code
    ),
    country_code,
    changes.release_code
