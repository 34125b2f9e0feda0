{#- The country in which the warehouse stands (ISO 3166-1, three letters), as the setting
    WAREHOUSE_COUNTRY says; empty where nobody said. -#}
{% macro hosted_in() -%}
    {%- set country = env_var('WAREHOUSE_COUNTRY', '') -%}
    {%- if not modules.re.fullmatch('[A-Z]{3}|', country) -%}
        {{ exceptions.raise_compiler_error(
            "WAREHOUSE_COUNTRY is not a country's three letters, such as MEX: correct "
            ~ "it, or unset it where nobody knows."
        ) }}
    {%- endif -%}
    {{ country }}
{%- endmacro %}
