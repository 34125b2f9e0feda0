{#- What tells one figure of a scope from another, beside metric and statistic. Here and
    below what differs most comes first: rows are sorted by these columns, and most are
    told apart by the first two. -#}
{% macro figure_columns() -%}
    start_month,
    category_code,
    price_code,
    panel_code,
    denominator_code,
    release_code,
    outlier_code,
    end_month
{%- endmacro %}

{#- The same with the scope: what tells one comparison from another. -#}
{% macro comparison_columns() -%}
    scope_code,
    {{ figure_columns() }},
    scope_type_code
{%- endmacro %}

{#- One metric's rows out of the CTEs named, each of one statistic. -#}
{% macro metric_rows(metric_code, statistics) -%}
    {% for statistic in statistics %}
    select
        '{{ metric_code }}' as metric_code,
        {{ comparison_columns() }},
        country_code,
        statistic_code,
        value::numeric(24, 10) as value,
        numerator::numeric(24, 10) as numerator,
        denominator::numeric(24, 10) as denominator,
        family_count,
        peer_group_count,
        standard_error::numeric(24, 10) as standard_error,
        degrees_of_freedom,
        interval_low::numeric(24, 10) as interval_low,
        interval_high::numeric(24, 10) as interval_high
    from {{ statistic }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
{%- endmacro %}
