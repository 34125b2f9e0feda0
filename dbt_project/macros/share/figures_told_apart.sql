{#- Figures numbered by what they are compared with, so that the steps that follow sort
    numbers and not names:
    - comparison_number: the same figure of other scopes;
    - pool_number: the same of the metric that a pooled figure is made of, in any prices
      (M07 pools the growth of means of M03; prices are those of the same families);
    - twin_number: the same figure in other releases and panels, and winsorised
      (`variant_code` tells panels and winsorised apart);
    - whole_number: the other parts of a whole, null for what is no part of one;
    - takers_number: the share of families that take part in something, and what is told
      of those alone; null for anything else;
    - series_number: the same figure of other months;
    - country_series_number: the same of all places of the country. -#}
{% macro figures_told_apart(figures) -%}
    {%- set figure = [
        'metric_code', 'statistic_code', 'price_code', 'denominator_code',
        'category_code'
    ] -%}
    {%- set pool = [
        "replace(metric_code, 'M07', 'M03')",
        "case metric_code when 'M07' then 'growth_of_means' else statistic_code end",
        'denominator_code', 'category_code'
    ] -%}
    {%- set whole = figure | reject('eq', 'category_code') | list -%}
    {%- set panel = ['panel_code', 'outlier_code', 'release_code'] -%}
    {%- set scope = ['scope_type_code', 'scope_code'] -%}
    {%- set months = ['start_month', 'end_month'] -%}
    select
        figures.*,
        row_number() over () as figure_number,
        {{ number_of(figure + months + panel) }} as comparison_number,
        {{ number_of(pool + months + panel) }} as pool_number,
        {{ number_of(figure + months + scope) }} as twin_number,
        case
            when (metric_code, statistic_code) in (
                {%- for part in wholes() %}
                ('{{ part | join("', '") }}'){{ ',' if not loop.last }}
                {%- endfor %}
            )
                then {{ number_of(whole + months + panel + scope) }}
        end as whole_number,
        {{ number_of(figure + panel + scope) }} as series_number,
        {{ number_of(figure + panel + ['country_code']) }} as country_series_number,
        case
            when
                panel_code = 'all_reporters'
                and ({{ tells_takers() }} or {{ is_of_takers() }})
                then {{ number_of([whole_of_takers()] + months + ['release_code'] + scope) }}
        end as takers_number,
        {{ tells_takers() }} as tells_takers,
        concat_ws('/', panel_code, outlier_code) as variant_code,
        start_month = end_month as is_month,
        -- What the number of families turns back into a sum: not money over money.
        unit_code = 'count'
        or (
            statistic_code in (
                'level', 'share', 'total', 'rate', 'difference', 'mean_of_changes',
                'mean_of_ratios', 'index_mean'
            )
            and coalesce(denominator = family_count, true)
        ) as is_sum
    from {{ figures }} as figures
{%- endmacro %}

{#- One number for what the columns say together. -#}
{% macro number_of(columns) -%}
    hashtextextended(concat_ws('/', {{ columns | join(', ') }}), 0)
{%- endmacro %}

{#- What the steps that judge figures hand on. -#}
{% macro judged_columns() -%}
    {{ return([
        'figure_number', 'comparison_number', 'pool_number', 'twin_number',
        'whole_number', 'takers_number', 'series_number', 'country_series_number',
        'twin_rank', 'variant_code', 'scope_type_code', 'scope_code', 'country_code',
        'siblings_code', 'statistic_code', 'outlier_code', 'is_month',
        'is_made_of_months', 'is_sum', 'tells_takers', 'family_count', 'value'
    ]) }}
{%- endmacro %}
