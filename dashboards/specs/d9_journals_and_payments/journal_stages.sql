-- Journals received, and in time, of those expected, for each site. The window is
-- that of the first launch in the newest release.
with

stages as (

    select
        scope_code,
        release_code,
        definition_version,
        start_month,
        end_month,
        category_code,
        value,
        family_count,
        interval_low,
        interval_high,
        suppression_reason_code,
        is_suppressed
    from share.metric_values
    where
        metric_code = 'M47'
        and scope_type_code = 'site'
        and statistic_code = 'share'
        and panel_code = 'all_reporters'
        and price_code = 'nominal'
        and outlier_code = 'kept'
        and denominator_code = 'household'
        and category_code in ('completed', 'on_time')
        and start_month < end_month

),

chosen_windows as (

    select distinct on (scope_code)
        scope_code,
        start_month,
        end_month
    from stages
    order by
        scope_code asc,
        (release_code = 'live') asc,
        release_code desc,
        start_month asc,
        end_month desc

)

select
    sites.site_name,
    'M47' as metric_code,
    completed.definition_version,
    completed.release_code,
    completed.start_month,
    completed.end_month,
    completed.value as completed_share,
    completed.interval_low as completed_low,
    completed.interval_high as completed_high,
    on_time.value as on_time_share,
    on_time.interval_low as on_time_low,
    on_time.interval_high as on_time_high,
    completed.family_count,
    coalesce(
        completed.suppression_reason_code,
        on_time.suppression_reason_code
    ) as suppression_reason_code,
    completed.is_suppressed or on_time.is_suppressed as is_suppressed
from stages as completed
inner join chosen_windows
    on
        completed.scope_code = chosen_windows.scope_code
        and completed.start_month = chosen_windows.start_month
        and completed.end_month = chosen_windows.end_month
inner join stages as on_time
    on
        on_time.category_code = 'on_time'
        and completed.scope_code = on_time.scope_code
        and completed.release_code = on_time.release_code
        and completed.start_month = on_time.start_month
        and completed.end_month = on_time.end_month
inner join marts.dim_sites as sites on completed.scope_code = sites.site_code
where completed.category_code = 'completed'
order by sites.site_name, completed.release_code
