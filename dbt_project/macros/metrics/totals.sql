{#- How many or how much there is: the sum of `measured`, with no error of its own. -#}
{% macro total_of_group_sums(group_rows, statistic_code='total', scope_type_codes=every_scope_type()) -%}
    select
        {{ comparison_columns() }},
        case
            when min(country_code) = max(country_code) then min(country_code)
        end as country_code,
        '{{ statistic_code }}' as statistic_code,
        sum(measured)::numeric as value,
        sum(measured)::numeric as numerator,
        null::numeric as denominator,
        sum({{ families_of_scope() }})::integer as family_count,
        count(distinct peer_group_code)::integer as peer_group_count,
        null::numeric as standard_error,
        null::integer as degrees_of_freedom,
        null::numeric as interval_low,
        null::numeric as interval_high
    from ({{ repeated_by_scope(group_rows, scope_type_codes) }}) as repeated
    group by {{ comparison_columns() }}
    having {{ rows_add_up() }}
{%- endmacro %}

{#- The number of families for which `measured` is 1 rather than 0. -#}
{% macro count_of_families(family_rows) -%}
    with

    summed as (

        {{ summed_by_group(family_rows) }}

    )

    {{ total_of_group_sums('summed', 'level') }}
{%- endmacro %}
