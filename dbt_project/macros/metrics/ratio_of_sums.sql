{#- Sum of `measured` over sum of `weight`, with a jackknife: a mean (`level`, weight 1
    per family), a part of a sum of money (`share`), events per family-month (`rate`), a
    mean of ratios. -#}
{% macro ratio_of_sums(family_rows, statistic_code, scope_type_codes=every_scope_type()) -%}
    with

    summed as (

        {{ summed_by_group(family_rows) }}

    )

    select * from (
        {{ ratio_of_group_sums('summed', statistic_code, scope_type_codes) }}
    ) as ratios
{%- endmacro %}

{#- The same of rows that are sums already: summed_by_group's or answers_summed's. -#}
{% macro ratio_of_group_sums(group_rows, statistic_code, scope_type_codes=every_scope_type()) -%}
    with

    numbered as (

        {{ figures_numbered(group_rows) }}

    ),

    estimated as (

        {{ jackknife(
            sums_in_every_scope('numbered', {
                'end_sum': 'sum(measured)',
                'end_weight': 'sum(weight)',
                'end_family_count': 'sum(' ~ families_of_scope() ~ ')'
            }, scope_type_codes),
            'ratio'
        ) }}

    )

    select
        {{ comparison_columns() }},
        country_code,
        '{{ statistic_code }}' as statistic_code,
        value,
        total_end_sum as numerator,
        total_end_weight as denominator,
        family_count,
        peer_group_count,
        standard_error,
        degrees_of_freedom,
        null::numeric as interval_low,
        null::numeric as interval_high
    from estimated
    {{ join_figures('numbered') }}
    where value is not null
{%- endmacro %}

{#- A family that moves within its country counts in each of its sites. -#}
{% macro families_of_scope() -%}
    case scope_type_code when 'site' then site_family_count else family_count end
{%- endmacro %}
