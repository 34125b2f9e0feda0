-- One figure of one metric for each country, as released and as known today.
-- Where several cohorts launched in a country, the window is that of the first launch
-- in the newest release, and the live figure is over the same window.
with

countries as (

    select *
    from share.metric_values
    where
        metric_code = :metric_code
        and scope_type_code = 'country'
        and outlier_code = 'kept'
        and denominator_code = 'household'
        and category_code = 'total'
        and panel_code = :panel_code
        and price_code = :price_code
        and statistic_code in (:statistic_code, 'difference')
        and start_month < end_month

),

chosen_windows as (

    select distinct on (scope_code)
        scope_code,
        start_month,
        end_month
    from countries
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
    from countries
    group by scope_code

)

select
    figures.scope_code as country_code,
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
    launches.has_several_launches
from countries as figures
inner join chosen_windows
    on
        figures.scope_code = chosen_windows.scope_code
        and figures.start_month = chosen_windows.start_month
        and figures.end_month = chosen_windows.end_month
inner join launches on figures.scope_code = launches.scope_code
left join countries as differences
    on
        differences.statistic_code = 'difference'
        and not differences.is_suppressed
        and figures.scope_code = differences.scope_code
        and figures.release_code = differences.release_code
        and figures.start_month = differences.start_month
        and figures.end_month = differences.end_month
where figures.statistic_code = :statistic_code
order by country_code, figures.release_code
