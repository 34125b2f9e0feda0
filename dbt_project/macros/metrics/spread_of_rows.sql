{#- Median and ninetieth percentile of `measured` over rows: of lead times in days, where
    a mean would tell of the slowest few. A family may have several rows. -#}
{% macro spread_of_rows(family_rows, statistics={'median': 0.5, 'p90': 0.9}) -%}
    with

    numbered as (

        {{ figures_numbered(family_rows) }}

    ),

    scoped as (

        {{ in_every_scope('numbered') }}

    ),

    spread as (

        select
            {{ numbered_columns() }},
            case
                when min(country_code) = max(country_code) then min(country_code)
            end as country_code,
            {%- for statistic_code, fraction in statistics.items() %}
            percentile_cont({{ fraction }}) within group (order by measured)::numeric
                as {{ statistic_code }},
            {%- endfor %}
            count(*)::numeric as row_count,
            count(distinct family_key)::integer as family_count,
            count(distinct peer_group_code)::integer as peer_group_count
        from scoped
        group by {{ numbered_columns() }}

    )

    {% for statistic_code in statistics -%}
    select
        {{ comparison_columns() }},
        country_code,
        '{{ statistic_code }}' as statistic_code,
        {{ statistic_code }} as value,
        null::numeric as numerator,
        -- How many rows the percentile is of.
        row_count as denominator,
        family_count,
        peer_group_count,
        null::numeric as standard_error,
        null::integer as degrees_of_freedom,
        null::numeric as interval_low,
        null::numeric as interval_high
    from spread
    {{ join_figures('numbered') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
{%- endmacro %}
