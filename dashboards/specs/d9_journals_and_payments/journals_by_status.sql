-- What became of the journals that were expected of each country in each calendar
-- month: accepted in time, accepted late, or not accepted. The three are all there is,
-- so a month in which `share` hides one of them is hidden whole; so is one whose number
-- of families it hides.
with

months as (

    select
        metric_values.scope_code,
        metric_values.definition_version,
        metric_values.end_month,
        metric_values.category_code,
        metric_values.numerator,
        metric_values.denominator,
        metric_values.family_count,
        metric_values.suppression_reason_code,
        metric_values.is_suppressed
    from share.metric_values as metric_values
    where
        metric_values.metric_code = 'M47'
        and metric_values.scope_type_code = 'country'
        and metric_values.release_code = 'live'
        and metric_values.statistic_code = 'share'
        and metric_values.panel_code = 'all_reporters'
        and metric_values.price_code = 'nominal'
        and metric_values.outlier_code = 'kept'
        and metric_values.denominator_code = 'household'
        and metric_values.start_month = metric_values.end_month

)

select
    completed.scope_code as country_code,
    'live' as release_code,
    'M47' as metric_code,
    completed.definition_version,
    completed.end_month as journal_month,
    country_months.months_since_launch_count,
    on_time.numerator as on_time_count,
    completed.numerator - on_time.numerator as late_count,
    completed.denominator - completed.numerator as missing_count,
    completed.family_count,
    coalesce(
        country_months.suppression_reason_code,
        completed.suppression_reason_code,
        on_time.suppression_reason_code
    ) as suppression_reason_code,
    country_months.is_suppressed
    or completed.is_suppressed
    or on_time.is_suppressed as is_suppressed
from months as completed
inner join months as on_time
    on
        on_time.category_code = 'on_time'
        and completed.scope_code = on_time.scope_code
        and completed.definition_version = on_time.definition_version
        and completed.end_month = on_time.end_month
inner join share.country_months as country_months
    on
        completed.scope_code = country_months.country_code
        and completed.end_month = country_months.journal_month
where completed.category_code = 'completed'
order by completed.scope_code, completed.end_month
