{#- How many or how much there is: the sum of `measured`, with no error of its own. -#}
{% macro total_of_group_sums(group_rows, statistic_code='total', scope_type_codes=every_scope_type()) -%}
    with

    numbered as (

        {{ figures_numbered(group_rows) }}

    ),

    totals as (

        select
            {{ numbered_columns() }},
            case
                when min(country_code) = max(country_code) then min(country_code)
            end as country_code,
            sum(measured)::numeric as value,
            sum({{ families_of_scope() }})::integer as family_count,
            count(distinct peer_group_code)::integer as peer_group_count
        from ({{ repeated_by_scope('numbered', scope_type_codes) }}) as repeated
        group by {{ numbered_columns() }}
        having {{ rows_add_up() }}

    )

    select
        {{ comparison_columns() }},
        country_code,
        '{{ statistic_code }}' as statistic_code,
        value,
        value as numerator,
        null::numeric as denominator,
        family_count,
        peer_group_count,
        null::numeric as standard_error,
        null::integer as degrees_of_freedom,
        null::numeric as interval_low,
        null::numeric as interval_high
    from totals
    {{ join_figures('numbered') }}
{%- endmacro %}

{#- The number of families for which `measured` is 1 rather than 0. -#}
{% macro count_of_families(family_rows) -%}
    with

    summed as (

        {{ summed_by_group(family_rows) }}

    )

    select * from ({{ total_of_group_sums('summed', 'level') }}) as totals
{%- endmacro %}
