with

metric_values as (

    select * from {{ ref('fct_metric_values') }}

),

metrics as (

    select * from {{ ref('dim_metrics') }}

),

named as (

    select
        metric_values.*,
        metrics.metric_name,
        metrics.metric_name_es,
        metrics.metric_name_fil,
        metrics.unit_code
    from metric_values
    inner join metrics on metric_values.metric_code = metrics.metric_code

),

reasons as (

    select
        *,
        {{ suppression_reason(
            'family_count',
            [
                'metric_code', 'scope_type_code', 'country_code', 'start_month',
                'end_month', 'panel_code', 'statistic_code', 'price_code',
                'outlier_code', 'denominator_code', 'release_code'
            ]
        ) }} as family_reason_code,
        {{ near_limit_band() }} as value_band_code
    from named

),

judged as (

    select
        *,
        coalesce(
            family_reason_code,
            case when value_band_code is not null then 'share_near_limit' end
        ) as suppression_reason_code,
        family_reason_code is not null or value_band_code is not null
            as is_suppressed,
        family_reason_code is null as is_count_shown
    from reasons

)

select
    judged.metric_code,
    judged.scope_type_code,
    judged.scope_code,
    judged.country_code,
    judged.panel_code,
    judged.statistic_code,
    judged.price_code,
    judged.outlier_code,
    judged.denominator_code,
    judged.release_code,
    judged.metric_name,
    judged.metric_name_es,
    judged.metric_name_fil,
    judged.unit_code,
    judged.definition_version,
    -- A word of SQL that Postgres lets a column have, and everyone's word for it.
    case when not judged.is_suppressed then judged.value end as value, -- noqa: RF04
    case when not judged.is_suppressed then judged.numerator end as numerator,
    case when not judged.is_suppressed then judged.denominator end as denominator,
    case when judged.is_count_shown then judged.family_count end as family_count,
    case when judged.is_count_shown then judged.peer_group_count end
        as peer_group_count,
    case when not judged.is_suppressed then judged.standard_error end as standard_error,
    case when not judged.is_suppressed then judged.interval_low end as interval_low,
    case when not judged.is_suppressed then judged.interval_high end as interval_high,
    case when judged.is_count_shown then judged.value_band_code end as value_band_code,
    judged.suppression_reason_code,
    judged.is_suppressed,
    judged.start_month,
    judged.end_month
from judged
