{#- The months whose mean is an end of a change that is shown: with the growth of the
    families known at both ends, the means of all reporters would tell what the few others
    have. -#}
{% macro means_of_changes(metric_values) -%}
    with

    -- The changes of M03 are those of the income of M01, and of M13 by adult equivalent.
    growths as (

        select distinct
            case
                when metric_code <> 'M03' then metric_code
                when denominator_code = 'per_adult_equivalent' then 'M13'
                else 'M01'
            end as metric_code,
            {{ divided_alike('denominator_code') }} as denominator_code,
            scope_type_code,
            scope_code,
            start_month,
            end_month
        from {{ metric_values }}
        where
            panel_code = 'balanced'
            and statistic_code = 'growth_of_means'
            and start_month < end_month

    ),

    country_months as (

        select
            'country' as scope_type_code,
            country_code as scope_code,
            journal_month
        from {{ ref('fct_country_months') }}
        where income_index is not null

    ),

    site_months as (

        select
            'site' as scope_type_code,
            site_code as scope_code,
            journal_month
        from {{ ref('fct_site_months') }}
        where income_index is not null

    ),

    cohort_months as (

        select
            'cohort' as scope_type_code,
            cohort_code as scope_code,
            journal_month
        from {{ ref('fct_cohort_months') }}
        where income_index is not null

    ),

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
        denominator_code,
        scope_type_code,
        scope_code,
        start_month as journal_month
    from growths
    union
    select
        metric_code,
        denominator_code,
        scope_type_code,
        scope_code,
        end_month as journal_month
    from growths
    union
    select
        'M01' as metric_code,
        'household' as denominator_code,
        scope_type_code,
        scope_code,
        journal_month
    from indexes
{%- endmacro %}

{#- Money per participant is that of the households, divided by fewer of them. -#}
{% macro divided_alike(denominator_code) -%}
    replace({{ denominator_code }}, 'per_participant', 'household')
{%- endmacro %}

{#- The months of places whose families launched at different times. What is real there
    are two sums of families, each in prices of its own launch: with the nominal figure it
    would tell both. -#}
{% macro mixed_launches() -%}
    {%- for scope_type in ['country', 'site'] %}
    select
        '{{ scope_type }}' as scope_type_code,
        {{ scope_type }}_code as scope_code,
        journal_month
    from {{ ref('fct_' ~ scope_type ~ '_months') }}
    where months_since_launch_count is null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
