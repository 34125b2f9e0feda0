{%- set key_columns = [
    'metric_code', 'start_month', 'end_month', 'panel_code', 'statistic_code',
    'price_code', 'outlier_code', 'denominator_code', 'category_code', 'release_code'
] -%}
with

metric_values as (select * from {{ ref('fct_metric_values') }}),

metrics as (select * from {{ ref('dim_metrics') }}),

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

own_reasons as (

    {{ own_reasons_of_figures('named') }}

),

reasons as (

    select
        *,
        {{ suppression_reason(
            'own_reason_code', 'family_count',
            key_columns + ['scope_type_code', 'siblings_code'], 'scope_code'
        ) }} as family_reason_code,
        -- What all countries give, less the countries shown, is the hidden one's.
        {{ has_hidden_country() }} as has_hidden_country
    from own_reasons

),

judged as (

    select
        *,
        case
            when family_reason_code is not null then family_reason_code
            when
                (scope_type_code = 'all' and has_hidden_country)
                -- Where a country is one site, or one cohort, they are one figure.
                or bool_or(family_reason_code is not null) over same_families
                then 'protects_another_cell'
        end as suppression_reason_code
    from reasons
    window
        same_families as (
            partition by
                {{ key_columns | join(', ') }},
                coalesce(country_code, scope_code), family_count
        )

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
        ) as is_quotient_suppressed
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
    {{ shown_unless('is_suppressed', 'standard_error') }},
    {{ shown_unless('is_suppressed', 'interval_low') }},
    {{ shown_unless('is_suppressed', 'interval_high') }},
    {{ shown_unless('is_count_suppressed', 'value_band_code') }},
    suppression_reason_code,
    is_suppressed,
    start_month,
    end_month
from flagged
