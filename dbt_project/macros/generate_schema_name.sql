{#- A schema is named after its layer in every environment; environments differ by
    database. Without this, dbt would prefix each layer with the target's schema. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
