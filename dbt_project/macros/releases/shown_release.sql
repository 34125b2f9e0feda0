{#- The release that a mart shows: `live`, but for the one that is being frozen. -#}
{% macro shown_release() -%}
    '{{ var("freezing_release", "live") }}'
{%- endmacro %}
