-- One metric by one definition for each place, as released and as known today, over
-- `:window_code`: `since_launch` is from launch to the end of the analysis, `month_12`
-- the twelfth month since launch, and so on. Where several cohorts launched in a place,
-- the window is that of the first launch in the newest release, and the live figure is
-- over the same window. The column `difference` says the same change in points, where
-- there is one.
with

place_months as (

    select
        'country' as scope_type_code,
        country_code as scope_code,
        journal_month,
        months_since_launch_count
    from share.country_months
    union all
    select
        'site' as scope_type_code,
        site_code as scope_code,
        journal_month,
        months_since_launch_count
    from share.site_months

),

figures as (

    select metric_values.*
    from share.metric_values as metric_values
    left join place_months
        on
            metric_values.scope_type_code = place_months.scope_type_code
            and metric_values.scope_code = place_months.scope_code
            and metric_values.end_month = place_months.journal_month
    where
        metric_values.metric_code = :metric_code
        and metric_values.scope_type_code = :scope_type_code
        and metric_values.outlier_code = 'kept'
        and metric_values.denominator_code = 'household'
        and metric_values.category_code = any(string_to_array(:category_codes, ' '))
        and metric_values.panel_code = :panel_code
        and metric_values.price_code = :price_code
        and metric_values.statistic_code in (:statistic_code, 'difference')
        and case
            when :window_code = 'since_launch'
                then metric_values.start_month < metric_values.end_month
            else
                metric_values.start_month = metric_values.end_month
                and :window_code
                = 'month_' || place_months.months_since_launch_count
        end

),

chosen_windows as (

    select distinct on (scope_code)
        scope_code,
        start_month,
        end_month
    from figures
    order by
        scope_code asc,
        (release_code = 'live') asc,
        release_code desc,
        start_month asc,
        end_month desc

),

launches as (

    select
        scope_code,
        count(distinct start_month) > 1 as has_several_launches
    from figures
    group by scope_code

)

select
    sites.site_name,
    figures.category_code,
    figures.metric_code,
    figures.definition_version,
    figures.release_code,
    figures.start_month,
    figures.end_month,
    figures.suppression_reason_code,
    figures.value,
    figures.numerator,
    figures.denominator,
    figures.family_count,
    figures.interval_low,
    figures.interval_high,
    differences.value as difference,
    differences.family_count as difference_family_count,
    differences.interval_low as difference_low,
    differences.interval_high as difference_high,
    figures.is_suppressed,
    launches.has_several_launches,
    coalesce(sites.country_code, figures.scope_code) as country_code
from figures
inner join chosen_windows
    on
        figures.scope_code = chosen_windows.scope_code
        and figures.start_month = chosen_windows.start_month
        and figures.end_month = chosen_windows.end_month
inner join launches on figures.scope_code = launches.scope_code
left join marts.dim_sites as sites
    on
        figures.scope_type_code = 'site'
        and figures.scope_code = sites.site_code
left join figures as differences
    on
        differences.statistic_code = 'difference'
        and not differences.is_suppressed
        and figures.scope_code = differences.scope_code
        and figures.category_code = differences.category_code
        and figures.release_code = differences.release_code
        and figures.start_month = differences.start_month
        and figures.end_month = differences.end_month
where figures.statistic_code = :statistic_code
order by
    array_position(string_to_array(:category_codes, ' '), figures.category_code),
    figures.scope_code,
    figures.release_code
