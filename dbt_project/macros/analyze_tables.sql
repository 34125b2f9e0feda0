{#- A fresh table has no statistics until Postgres gets round to it, which is after the
    models that read it are built; without them it guesses and joins row by row. Models of
    figures are read whole, one below the other, and need none. A sample of a tenth of the
    usual tells as much about keys and codes, which is what is joined. -#}
{% macro analyze_tables() -%}
    {%- if
        model.config.materialized in ('table', 'incremental')
        and model.name | replace('int_metric_', '') not in metric_models()
    -%}
        set local default_statistics_target = 10;
        analyze {{ this }}
    {%- endif -%}
{%- endmacro %}
