{#- A list of codes as an array of text; a list that was not asked for stays null. -#}
{% macro codes_listed(list) -%}
    case
        when {{ list }} is not null
            then array(select jsonb_array_elements_text({{ list }}))
    end
{%- endmacro %}
