{#- A schema is named after its layer in every environment; environments differ by
    database. Without this, dbt would prefix each layer with the target's schema. A mart
    that is part of a release stands in that release's schema while it is frozen. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set release = var("freezing_release", none) -%}
    {%- if release and node.config.meta.get("is_in_releases") -%}
    release_{{ release | replace("-", "_") }}
    {%- else -%}
    {{ custom_schema_name or target.schema }}
    {%- endif -%}
{%- endmacro %}
