{#- A fresh table has no statistics until Postgres gets round to it, which is after the
    models that read it are built; without them it guesses and joins row by row. -#}
{% macro analyze_tables() -%}
    {% if model.config.materialized in ('table', 'incremental') %}
        analyze {{ this }}
    {% endif %}
{%- endmacro %}
