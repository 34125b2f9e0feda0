with

panels as (

    select * from {{ ref('int_scope_months_panels') }}

),

family_months as (

    select * from {{ ref('int_family_months_consented') }}
    where release_code = 'live'

),

quantiles as (

    select * from {{ ref('stg_reference__student_t_quantiles') }}

),

scores as (

    select
        family_months.release_code,
        asked.panel_code,
        'nominal' as price_code,
        'kept' as outlier_code,
        'household' as denominator_code,
        'total' as category_code,
        'number' as unit_code,
        family_months.family_key,
        family_months.country_code,
        family_months.site_code,
        family_months.cohort_code,
        family_months.peer_group_code,
        asked.measured,
        1 as weight,
        family_months.journal_month as start_month,
        family_months.journal_month as end_month
    from family_months
    cross join
        lateral (
            values
            ('satisfaction', family_months.satisfaction_score::numeric),
            ('control', family_months.control_score::numeric)
        ) as asked (panel_code, measured)
    where asked.measured is not null

),

growths as (

    {{ compare_ends('panels', 'growth') }}

),

levels as (

    {{ ratio_of_sums('scores', 'level') }}

),

estimated as (

    select
        'income' as measure_code,
        scope_type_code,
        scope_code,
        price_code,
        1 + value as figure,
        standard_error,
        degrees_of_freedom,
        family_count,
        end_month as journal_month
    from growths
    union all
    select
        panel_code as measure_code,
        scope_type_code,
        scope_code,
        price_code,
        value as figure,
        standard_error,
        degrees_of_freedom,
        family_count,
        end_month as journal_month
    from levels

)

select
    estimated.measure_code,
    estimated.scope_type_code,
    estimated.scope_code,
    estimated.price_code,
    estimated.figure,
    estimated.standard_error,
    estimated.figure - quantiles.quantile * estimated.standard_error as interval_low,
    estimated.figure + quantiles.quantile * estimated.standard_error as interval_high,
    estimated.family_count,
    estimated.journal_month
from estimated
left join quantiles
    on
        quantiles.degrees_of_freedom = least(
            estimated.degrees_of_freedom,
            (select max(tabled.degrees_of_freedom) from quantiles as tabled)
        )
