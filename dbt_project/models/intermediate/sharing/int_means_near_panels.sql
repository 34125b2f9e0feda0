with

metric_values as (select * from {{ ref('fct_metric_values') }}),

sharing as (select * from {{ ref('stg_registry__sharing') }}),

levels as (

    select
        metric_code,
        scope_type_code,
        scope_code,
        start_month as journal_month,
        value,
        family_count
    from metric_values
    where
        release_code = 'live'
        and panel_code = 'all_reporters'
        and statistic_code = 'level'
        and price_code = 'nominal'
        and outlier_code = 'kept'
        and denominator_code = 'household'
        and start_month = end_month

),

-- Each growth of the families known at both ends, beside all reporters at these ends.
growths as (

    select
        growths.metric_code,
        growths.scope_type_code,
        growths.scope_code,
        growths.end_month,
        at_end.value * at_end.family_count
        / nullif(at_start.value * at_start.family_count, 0) - 1
        - growths.value as growth_difference,
        abs(at_start.family_count - growths.family_count)
        + abs(at_end.family_count - growths.family_count) as other_family_count
    from metric_values as growths
    inner join levels as at_start
        on
            case
                when growths.metric_code = 'M03' then 'M01' else growths.metric_code
            end = at_start.metric_code
            and growths.scope_type_code = at_start.scope_type_code
            and growths.scope_code = at_start.scope_code
            and growths.start_month = at_start.journal_month
    inner join levels as at_end
        on
            at_start.metric_code = at_end.metric_code
            and growths.scope_type_code = at_end.scope_type_code
            and growths.scope_code = at_end.scope_code
            and growths.end_month = at_end.journal_month
    where
        growths.panel_code = 'balanced'
        and growths.statistic_code = 'growth_of_means'
        and growths.price_code = 'nominal'
        and growths.outlier_code = 'kept'
        and growths.denominator_code = 'household'

),

{% for scope in ['country', 'site', 'cohort'] -%}
{{ scope }}_months as (

    select
        '{{ scope }}' as scope_type_code,
        {{ scope }}_code as scope_code,
        journal_month,
        months_since_launch_count,
        income_family_count,
        panel_family_count
    from {{ ref('fct_' ~ scope ~ '_months') }}
    where income_index is not null

),

{% endfor -%}

months as (

    select * from country_months
    union all
    select * from site_months
    union all
    select * from cohort_months

),

-- The index of a month is such a growth too, from launch.
indexes as (

    select
        months.scope_type_code,
        months.scope_code,
        months.journal_month,
        launches.income_family_count - months.panel_family_count
        + months.income_family_count - months.panel_family_count as other_family_count
    from months
    inner join months as launches
        on
            months.scope_type_code = launches.scope_type_code
            and months.scope_code = launches.scope_code
            and launches.months_since_launch_count = 0

)

select
    case when metric_code = 'M03' then 'M01' else metric_code end as metric_code,
    scope_type_code,
    scope_code,
    end_month as journal_month
from growths
cross join sharing
where
    other_family_count < least_shared_count
    -- Of the very same families the growth says nothing new.
    and abs(growth_difference) > 0.00000001
union
select
    'M01' as metric_code,
    scope_type_code,
    scope_code,
    journal_month
from indexes
cross join sharing
where other_family_count between 1 and least_shared_count - 1
