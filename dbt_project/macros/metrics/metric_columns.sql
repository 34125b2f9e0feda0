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

{#- The same while figures go by a number: to sort and group by eight columns of text, over
    and over, is most of what figures cost. The number is a hash, which no row has to wait
    for; that two of a million figures share one is a chance in forty million. -#}
{% macro numbered_columns() -%}
    figure_number,
    scope_code,
    scope_type_code
{%- endmacro %}

{#- Rows with a number for each set of figure_columns. -#}
{% macro figures_numbered(unnumbered_rows) -%}
    select
        unnumbered.*,
        hashtextextended(concat_ws('/', {{ figure_columns() }}), 0) as figure_number
    from {{ unnumbered_rows }} as unnumbered
{%- endmacro %}

{#- Ends a from clause: what the numbers stand for. -#}
{% macro join_figures(numbered_rows) -%}
    inner join (
        select distinct
            figure_number,
            {{ figure_columns() }}
        from {{ numbered_rows }}
    ) as figures_by_number using (figure_number)
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
