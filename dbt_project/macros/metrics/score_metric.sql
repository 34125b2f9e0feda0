{#- A whole model: the figures of a score up to 10 between launch and end. -#}
{% macro score_metric(panels, measure_code, metric_code) -%}
    with

    panels as (

        select * from {{ panels }}
        where window_code = 'launch_to_end' and measure_code = '{{ measure_code }}'

    ),

    panels_by_month as (

        {{ each_end_by_itself('panels') }}

    ),

    -- Seven or more: the programme's own line, not a standard.
    high_scores as (

        {{ each_end_by_itself('panels', measured='(measured >= 7)::integer') }}

    ),

    growths as (

        {{ compare_ends('panels', 'growth') }}

    ),

    differences as (

        {{ compare_ends('panels', 'difference') }}

    ),

    levels as (

        {{ ratio_of_sums('panels_by_month', 'level') }}

    ),

    high_shares as (

        {{ share_of_families('high_scores') }}

    )

    {{ metric_rows(metric_code, ['growths', 'differences', 'levels', 'high_shares']) }}
{%- endmacro %}
