-- One metric by one definition for each place in each month since its launch, as known
-- today. A month without an age, where launches overlap, is said to be left out.
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

)

select
    sites.site_name,
    metric_values.metric_code,
    metric_values.definition_version,
    metric_values.release_code,
    metric_values.suppression_reason_code,
    place_months.journal_month,
    place_months.months_since_launch_count,
    metric_values.value,
    metric_values.family_count,
    metric_values.interval_low,
    metric_values.interval_high,
    metric_values.is_suppressed,
    case
        when metric_values.price_code = 'usd_ppp' then 'PPP$'
    end as currency_code,
    coalesce(sites.country_code, metric_values.scope_code) as country_code
from share.metric_values as metric_values
inner join place_months
    on
        metric_values.scope_type_code = place_months.scope_type_code
        and metric_values.scope_code = place_months.scope_code
        and metric_values.end_month = place_months.journal_month
left join marts.dim_sites as sites
    on
        metric_values.scope_type_code = 'site'
        and metric_values.scope_code = sites.site_code
where
    metric_values.metric_code = :metric_code
    and metric_values.scope_type_code = :scope_type_code
    and metric_values.panel_code = :panel_code
    and metric_values.statistic_code = :statistic_code
    and metric_values.price_code = :price_code
    and metric_values.category_code = :category_code
    and metric_values.outlier_code = 'kept'
    and metric_values.denominator_code = :denominator_code
    and metric_values.release_code = 'live'
    and metric_values.start_month = metric_values.end_month
    and coalesce(place_months.months_since_launch_count, 0) >= 0
order by metric_values.scope_code, place_months.months_since_launch_count
