-- How many changes from launch, of countries, have moved since the newest release, by
-- metric. A figure counts where neither side is held back.
with

newest as (

    select max(release_code) as release_code
    from marts.dim_releases

),

pairs as (

    select
        figures.metric_code,
        figures.metric_name,
        figures.metric_name_es,
        figures.metric_name_fil,
        max(newest.release_code) as release_code,
        max(figures.definition_version) filter (
            where figures.release_code <> 'live'
        ) as released_version,
        max(figures.definition_version) filter (
            where figures.release_code = 'live'
        ) as live_version,
        max(figures.value) filter (
            where figures.release_code <> 'live'
        ) as released_value,
        max(figures.interval_low) filter (
            where figures.release_code <> 'live'
        ) as released_low,
        max(figures.interval_high) filter (
            where figures.release_code <> 'live'
        ) as released_high,
        max(figures.value) filter (
            where figures.release_code = 'live'
        ) as live_value
    from share.metric_values as figures
    cross join newest
    where
        figures.scope_type_code = 'country'
        and not figures.is_suppressed
        and figures.start_month < figures.end_month
        and figures.release_code in ('live', newest.release_code)
    group by
        figures.metric_code,
        figures.metric_name,
        figures.metric_name_es,
        figures.metric_name_fil,
        figures.scope_code,
        figures.start_month,
        figures.end_month,
        figures.panel_code,
        figures.statistic_code,
        figures.price_code,
        figures.outlier_code,
        figures.denominator_code,
        figures.category_code
    having count(*) = 2

)

select
    metric_code,
    release_code,
    metric_name,
    metric_name_es,
    metric_name_fil,
    count(*) as figure_count,
    count(*) filter (
        where released_value is distinct from live_value
    ) as moved_count,
    count(*) filter (
        where live_value < released_low or live_value > released_high
    ) as beyond_count,
    max(abs(live_value / nullif(released_value, 0) - 1)) as largest_change_share,
    max(released_version) as released_version,
    max(live_version) as live_version
from pairs
group by
    metric_code,
    release_code,
    metric_name,
    metric_name_es,
    metric_name_fil
order by metric_code
