with

metric_values as (select * from {{ ref('fct_metric_values') }}),

metrics as (select * from {{ ref('dim_metrics') }}),

sharing as (select * from {{ ref('int_sharing_thresholds') }}),

dominated as (select * from {{ ref('int_dominated_figures') }}),

means_of_changes as (

    {{ means_of_changes('metric_values') }}

),

mixed_launches as (

    {{ mixed_launches() }}

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

judged as (

    {{ judged_figures('named') }}

),

flagged as (

    select
        *,
        suppression_reason_code is not null as is_suppressed,
        coalesce(suppression_reason_code <> 'share_near_limit', false)
            as is_count_suppressed,
        -- Sums of money of nearly the same families give single ones away.
        suppression_reason_code is not null
        or not (
            unit_code = 'count'
            or (statistic_code = 'share' and denominator = family_count)
        ) as is_quotient_suppressed,
        suppression_reason_code is not null
        or {{ is_error_of_few_groups() }} as is_error_suppressed
    from judged

)

select
    metric_code,
    scope_type_code,
    scope_code,
    country_code,
    panel_code,
    statistic_code,
    price_code,
    price_frequency_code,
    outlier_code,
    denominator_code,
    category_code,
    release_code,
    metric_name,
    metric_name_es,
    metric_name_fil,
    unit_code,
    definition_version,
    {{ shown_unless('is_suppressed', 'value') }},
    {{ shown_unless('is_quotient_suppressed', 'numerator') }},
    {{ shown_unless('is_quotient_suppressed', 'denominator') }},
    {{ shown_unless('is_count_suppressed', 'family_count') }},
    {{ shown_unless('is_count_suppressed', 'peer_group_count') }},
    {{ shown_unless('is_error_suppressed', 'standard_error') }},
    {{ shown_unless('is_error_suppressed', 'interval_low') }},
    {{ shown_unless('is_error_suppressed', 'interval_high') }},
    {{ shown_unless('is_count_suppressed', 'value_band_code') }},
    suppression_reason_code,
    is_suppressed,
    start_month,
    end_month
from flagged
