select
    release_code,
    suppression_reason_code,
    case
        when statistic_code = 'growth_of_means' then 'usd_ppp'
        else statistic_code
    end as variant_code,
    value,
    family_count,
    interval_low,
    interval_high,
    is_suppressed
from share.metric_values
where
    metric_code = 'M07'
    and scope_type_code = 'all'
    and start_month < end_month
    and (
        (statistic_code = 'growth_of_means' and price_code = 'usd_ppp')
        or (
            statistic_code in ('mean_of_country_growths', 'index_mean')
            and price_code = 'nominal'
        )
    )
order by variant_code, release_code
