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

    select
        metric_values.*,
        metric_values.statistic_code = 'difference'
        and not metric_values.is_suppressed as tells_difference
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

-- In one pass: joined with one another, a thousand places would make a million pairs.
figures_beside as (

    select
        *,
        first_value(start_month) over newest_release_first as chosen_start_month,
        first_value(end_month) over newest_release_first as chosen_end_month,
        min(start_month) over of_place <> max(start_month) over of_place
            as has_several_launches,
        max(value) filter (where tells_difference) over of_window as difference,
        max(family_count) filter (where tells_difference) over of_window
            as difference_family_count,
        max(interval_low) filter (where tells_difference) over of_window
            as difference_low,
        max(interval_high) filter (where tells_difference) over of_window
            as difference_high
    from figures
    window
        newest_release_first as (
            partition by scope_code
            order by
                (release_code = 'live') asc,
                release_code desc,
                start_month asc,
                end_month desc
        ),
        of_place as (partition by scope_code),
        of_window as (
            partition by
                scope_code, category_code, release_code, start_month, end_month
        )

)

select
    sites.site_name,
    figures_beside.category_code,
    figures_beside.metric_code,
    figures_beside.definition_version,
    figures_beside.release_code,
    figures_beside.start_month,
    figures_beside.end_month,
    figures_beside.suppression_reason_code,
    figures_beside.value,
    figures_beside.numerator,
    figures_beside.denominator,
    figures_beside.family_count,
    figures_beside.interval_low,
    figures_beside.interval_high,
    figures_beside.difference,
    figures_beside.difference_family_count,
    figures_beside.difference_low,
    figures_beside.difference_high,
    figures_beside.is_suppressed,
    figures_beside.has_several_launches,
    coalesce(sites.country_code, figures_beside.scope_code) as country_code
from figures_beside
left join marts.dim_sites as sites
    on
        figures_beside.scope_type_code = 'site'
        and figures_beside.scope_code = sites.site_code
where
    figures_beside.statistic_code = :statistic_code
    and figures_beside.start_month = figures_beside.chosen_start_month
    and figures_beside.end_month = figures_beside.chosen_end_month
order by
    array_position(string_to_array(:category_codes, ' '), figures_beside.category_code),
    figures_beside.scope_code,
    figures_beside.release_code
