with

metric_values as (select * from {{ ref('fct_metric_values') }}),

metrics as (select * from {{ ref('dim_metrics') }}),

sharing as (select * from {{ ref('stg_registry__sharing') }}),

dominated as (select * from {{ ref('int_dominated_figures') }}),

means_of_changes as (select * from {{ ref('int_means_of_changes') }}),

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

figures as (

    {{ figures_told_apart('own_reasons') }}

),

beside_twins as (

    {{ reasons_of_twins('figures') }}

),

-- Months add up to their window: where one must be hidden, the window alone is shown.
beside_months as (

    select
        {{ judged_columns() | join(',\n        ') }},
        case
            when reason_code is not null then reason_code
            when
                is_month
                and statistic_code = 'total'
                and bool_or(reason_code is not null) over (
                    partition by country_series_number
                )
                then 'protects_another_cell'
        end as reason_code
    from beside_twins

),

-- Twice: what follows a release may leave a place alone again.
beside_neighbours as (

    {{ reasons_of_neighbours('beside_months') }}

),

beside_all as (

    {{ reasons_of_neighbours('beside_neighbours') }}

),

-- A mean of a window and its other months lead to the month that is hidden.
beside_windows as (

    select
        figure_number,
        case
            when reason_code is not null then reason_code
            when
                not is_month
                and statistic_code in ('level', 'rate', 'mean_of_ratios', 'total')
                and bool_or(is_month and reason_code is not null)
                    over same_series
                -- Without any month a total stands alone.
                and (
                    statistic_code <> 'total'
                    or bool_or(is_month and reason_code is null) over same_series
                )
                then 'protects_another_cell'
        end as reason_code
    from beside_all
    window same_series as (partition by series_number)

),

reasoned as (

    select
        figures.*,
        beside_windows.reason_code
    from figures
    inner join beside_windows on figures.figure_number = beside_windows.figure_number

),

judged as (

    {{ reasons_of_changes('reasoned') }}

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
        -- Of two peer groups the error says how far apart they are.
        suppression_reason_code is not null
        or (peer_group_count < 3 and statistic_code <> 'share') as is_error_suppressed
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
