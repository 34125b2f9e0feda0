-- A privacy rule, checked against the marts rather than by the code that applies it:
-- every figure in `share.metric_values` rests on at least ten families. It does not
-- look at what two shown figures give away together, nor at the tables of months; those
-- have tests of their own.
select
    shown.metric_code,
    shown.scope_code,
    shown.release_code
from {{ ref('metric_values') }} as shown
inner join {{ ref('fct_metric_values') }} as known
    on
        shown.metric_code = known.metric_code
        and shown.scope_type_code = known.scope_type_code
        and shown.scope_code = known.scope_code
        and shown.start_month = known.start_month
        and shown.end_month = known.end_month
        and shown.panel_code = known.panel_code
        and shown.statistic_code = known.statistic_code
        and shown.price_code = known.price_code
        and shown.outlier_code = known.outlier_code
        and shown.denominator_code = known.denominator_code
        and shown.category_code = known.category_code
        and shown.release_code = known.release_code
where
    known.family_count < 10
    and (
        not shown.is_suppressed
        or num_nonnulls(
            shown.value, shown.numerator, shown.denominator, shown.family_count,
            shown.peer_group_count, shown.standard_error, shown.interval_low,
            shown.interval_high, shown.value_band_code
        ) > 0
    )
