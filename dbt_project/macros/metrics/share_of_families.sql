{#- Wilson's 95 % interval of a share of families: unlike p +- 2 errors it stays within
    0 and 1 and is of use near them. -#}
{% macro wilson_bound(part, whole, side) -%}
    {%- set sign = '-' if side == 'low' else '+' -%}
    (
        ({{ part }} + 1.920729410347)
        {{ sign }} 1.959963984540 * sqrt(
            {{ part }} * ({{ whole }} - {{ part }})::numeric
            / nullif({{ whole }}, 0) + 0.960364705173
        )
    ) / ({{ whole }} + 3.841458820694)
{%- endmacro %}

{#- The share of families for which `measured` is 1 rather than 0: one row a family. -#}
{% macro share_of_families(family_rows) -%}
    with

    summed as (

        {{ summed_by_group(family_rows) }}

    )

    select * from ({{ share_of_group_sums('summed') }}) as shares
{%- endmacro %}

{#- The same of rows that are sums already: summed_by_group's or answers_summed's. -#}
{% macro share_of_group_sums(group_rows) -%}
    with

    numbered as (

        {{ figures_numbered(group_rows) }}

    ),

    counted as (

        select
            {{ numbered_columns() }},
            min(country_code) as lowest_country_code,
            max(country_code) as highest_country_code,
            sum(measured)::numeric as part,
            sum(weight)::numeric as whole,
            count(distinct peer_group_code)::integer as peer_group_count
        from ({{ repeated_by_scope('numbered', every_scope_type()) }}) as repeated
        group by {{ numbered_columns() }}
        having {{ rows_add_up() }}

    )

    select
        {{ comparison_columns() }},
        case
            when lowest_country_code = highest_country_code then lowest_country_code
        end as country_code,
        'share' as statistic_code,
        part / whole as value,
        part as numerator,
        whole as denominator,
        whole::integer as family_count,
        peer_group_count,
        sqrt(part * (whole - part) / (whole ^ 3)) as standard_error,
        null::integer as degrees_of_freedom,
        {{ wilson_bound('part', 'whole', 'low') }} as interval_low,
        {{ wilson_bound('part', 'whole', 'high') }} as interval_high
    from counted
    {{ join_figures('numbered') }}
    where whole > 0
{%- endmacro %}
