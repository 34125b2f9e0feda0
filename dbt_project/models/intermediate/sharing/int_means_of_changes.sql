with

metric_values as (select * from {{ ref('fct_metric_values') }}),

-- The changes of M03 are those of the income of M01.
growths as (

    select distinct
        case when metric_code = 'M03' then 'M01' else metric_code end as metric_code,
        scope_type_code,
        scope_code,
        start_month,
        end_month
    from metric_values
    where
        panel_code = 'balanced'
        and statistic_code = 'growth_of_means'
        and start_month < end_month

),

{% for scope in ['country', 'site', 'cohort'] -%}
{{ scope }}_months as (

    select
        '{{ scope }}' as scope_type_code,
        {{ scope }}_code as scope_code,
        journal_month
    from {{ ref('fct_' ~ scope ~ '_months') }}
    where income_index is not null

),

{% endfor -%}

-- An index is a growth in every month.
indexes as (

    select * from country_months
    union all
    select * from site_months
    union all
    select * from cohort_months

)

select
    metric_code,
    scope_type_code,
    scope_code,
    start_month as journal_month
from growths
union
select
    metric_code,
    scope_type_code,
    scope_code,
    end_month as journal_month
from growths
union
select
    'M01' as metric_code,
    scope_type_code,
    scope_code,
    journal_month
from indexes
