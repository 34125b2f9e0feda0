{#- A relation of the issues that earlier builds wrote into this table; nothing where it
    is not there yet. A table of an earlier version of the product has other columns and
    is begun anew. -#}
{% macro issues_found_earlier() -%}
    {%- set earlier = load_relation(this) -%}
    {%- if earlier -%}
        {%- set columns = adapter.get_columns_in_relation(earlier) -%}
        {%- set names = columns | map(attribute='name') | list -%}
        {%- if 'closed_at' in names and 'form_url' in names -%}
            {{ return(earlier | string) }}
        {%- endif -%}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}
