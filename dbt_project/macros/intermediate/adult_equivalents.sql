{#- The modified OECD scale: 1 for the first adult, 0.5 for each other, 0.3 for each child
    under 14. A household without adults counts its eldest as one. -#}
{% macro adult_equivalents(member_count, under_14_count) -%}
    (
        1
        + case
            when {{ under_14_count }} < {{ member_count }}
                then
                    0.5 * ({{ member_count }} - {{ under_14_count }} - 1)
                    + 0.3 * {{ under_14_count }}
            else 0.3 * ({{ under_14_count }} - 1)
        end
    )::numeric(6, 2)
{%- endmacro %}
