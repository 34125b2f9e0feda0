{#- A family code as somebody typed it, where it is like one. Else it may be a name or a
    phone number in the wrong place, and stays out. -#}
{% macro code_as_typed(code) -%}
case
    when {{ code }} is null then 'no family code'
    when {{ code }} ~ '^\s*[A-Za-z]{2}[-A-Za-z0-9? ]{0,12}$' and {{ code }} ~ '\d'
        then trim({{ code }})
    else 'nothing like a family code'
end
{%- endmacro %}
