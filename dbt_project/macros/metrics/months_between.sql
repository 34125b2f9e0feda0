{#- Whole months from one first of a month to another. -#}
{% macro months_between(from_month, to_month) -%}
    (
        (extract(year from {{ to_month }}) - extract(year from {{ from_month }})) * 12
        + extract(month from {{ to_month }}) - extract(month from {{ from_month }})
    )::integer
{%- endmacro %}
