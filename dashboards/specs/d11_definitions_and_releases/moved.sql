-- How many figures of countries have moved since the newest release, by metric. A figure
-- counts where neither side is held back.
with

newest as (

    select max(release_code) as release_code
    from share.metric_values
    where release_code <> 'live'

),

figures as (

    select metric_values.*
    from share.metric_values as metric_values
    left join newest on metric_values.release_code = newest.release_code
    where
        metric_values.scope_type_code = 'country'
        and not metric_values.is_suppressed
        and (
            metric_values.release_code = 'live'
            or newest.release_code is not null
        )

),

pairs as (

    select
        released.metric_code,
        released.release_code,
        released.metric_name,
        released.metric_name_es,
        released.definition_version as released_version,
        live.definition_version as live_version,
        released.value is distinct from live.value as has_moved,
        live.value < released.interval_low
        or live.value > released.interval_high as is_beyond,
        abs(live.value / nullif(released.value, 0) - 1) as change_share
    from figures as released
    inner join figures as live
        on
            live.release_code = 'live'
            and released.metric_code = live.metric_code
            and released.scope_code = live.scope_code
            and released.start_month = live.start_month
            and released.end_month = live.end_month
            and released.panel_code = live.panel_code
            and released.statistic_code = live.statistic_code
            and released.price_code = live.price_code
            and released.outlier_code = live.outlier_code
            and released.denominator_code = live.denominator_code
            and released.category_code = live.category_code
    where released.release_code <> 'live'

)

select
    metric_code,
    release_code,
    metric_name,
    metric_name_es,
    count(*) as figure_count,
    count(*) filter (where has_moved) as moved_count,
    count(*) filter (where is_beyond) as beyond_count,
    max(change_share) as largest_change_share,
    max(released_version) as released_version,
    max(live_version) as live_version
from pairs
group by metric_code, release_code, metric_name, metric_name_es
order by metric_code
