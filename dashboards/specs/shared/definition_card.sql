-- Every headline by every definition that departs from the canonical one in one choice.
-- The window is that of the first launch in the newest release.
with

headlines as (

    select
        *,
        case
            when metric_code in ('M34', 'M36') then 'all_reporters'
            else 'balanced'
        end as canonical_panel_code,
        case
            when metric_code in ('M34', 'M36') then 'share'
            else 'growth_of_means'
        end as canonical_statistic_code
    from share.metric_values
    where
        metric_code in (
            'M02', 'M03', 'M08', 'M16', 'M21', 'M22', 'M34', 'M36', 'M58', 'M60'
        )
        and scope_type_code = 'country'
        and category_code = 'total'
        and start_month < end_month
        and price_code in ('nominal', 'real')
        and statistic_code <> 'level'

),

chosen_windows as (

    select distinct on (metric_code, scope_code)
        metric_code,
        scope_code,
        start_month,
        end_month
    from headlines
    order by
        metric_code asc,
        scope_code asc,
        (release_code = 'live') asc,
        release_code desc,
        start_month asc,
        end_month desc

),

variants as (

    select
        *,
        case
            when denominator_code <> 'household' then denominator_code
            when outlier_code = 'winsorised' then 'winsorised'
            when price_code = 'real' then 'real'
            when panel_code <> canonical_panel_code then panel_code
            when statistic_code <> canonical_statistic_code then statistic_code
            else 'canonical'
        end as variant_code,
        (denominator_code <> 'household')::integer
        + (outlier_code = 'winsorised')::integer
        + (price_code = 'real')::integer
        + (panel_code <> canonical_panel_code)::integer
        + (statistic_code <> canonical_statistic_code)::integer as departure_count
    from headlines

)

select
    variants.scope_code as country_code,
    variants.metric_code,
    variants.release_code,
    variants.start_month,
    variants.end_month,
    variants.variant_code,
    variants.suppression_reason_code,
    case
        when variants.statistic_code <> 'difference' then 'percent'
        when variants.metric_code = 'M21' then 'percentage_points'
        else 'points'
    end as format_code,
    metrics.metric_name,
    metrics.metric_name_es,
    metrics.metric_name_fil,
    metrics.definition,
    metrics.definition_es,
    metrics.definition_fil,
    metrics.formula,
    variants.definition_version,
    variants.value,
    variants.family_count,
    variants.interval_low,
    variants.interval_high,
    variants.is_suppressed,
    variants.canonical_statistic_code <> 'share' as is_change
from variants
inner join marts.dim_metrics as metrics
    on variants.metric_code = metrics.metric_code
inner join chosen_windows
    on
        variants.metric_code = chosen_windows.metric_code
        and variants.scope_code = chosen_windows.scope_code
        and variants.start_month = chosen_windows.start_month
        and variants.end_month = chosen_windows.end_month
where variants.departure_count <= 1
order by
    variants.metric_code,
    variants.departure_count,
    variants.variant_code,
    country_code,
    variants.release_code
