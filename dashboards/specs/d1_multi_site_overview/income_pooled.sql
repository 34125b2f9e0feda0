-- One figure over countries, each way of pooling beside the others. The window is that
-- of the first launch in the newest release; one country alone is no pool.
with

country_counts as (

    select
        release_code,
        start_month,
        end_month,
        count(distinct scope_code) as country_count
    from share.metric_values
    where
        metric_code = 'M03'
        and scope_type_code = 'country'
        and statistic_code = 'growth_of_means'
        and panel_code = 'balanced'
        and price_code = 'nominal'
        and outlier_code = 'kept'
        and denominator_code = 'household'
        and category_code = 'total'
        and start_month < end_month
    group by release_code, start_month, end_month

),

chosen_window as (

    select
        start_month,
        end_month
    from country_counts
    where country_count >= 2
    order by
        (release_code = 'live') asc,
        release_code desc,
        start_month asc,
        end_month desc
    limit 1

)

select
    pooled.release_code,
    pooled.start_month,
    pooled.end_month,
    pooled.suppression_reason_code,
    case
        when pooled.statistic_code = 'growth_of_means' then 'usd_ppp'
        else pooled.statistic_code
    end as variant_code,
    pooled.value,
    pooled.family_count,
    pooled.interval_low,
    pooled.interval_high,
    pooled.is_suppressed
from share.metric_values as pooled
inner join chosen_window
    on
        pooled.start_month = chosen_window.start_month
        and pooled.end_month = chosen_window.end_month
inner join country_counts
    on
        pooled.release_code = country_counts.release_code
        and pooled.start_month = country_counts.start_month
        and pooled.end_month = country_counts.end_month
        and country_counts.country_count >= 2
where
    pooled.metric_code = 'M07'
    and pooled.scope_type_code = 'all'
    and (
        (
            pooled.statistic_code = 'growth_of_means'
            and pooled.price_code = 'usd_ppp'
        )
        or (
            pooled.statistic_code in ('mean_of_country_growths', 'index_mean')
            and pooled.price_code = 'nominal'
        )
    )
order by variant_code, pooled.release_code
