{#- What is asked of children and health, as columns of a relation. -#}
{% macro health_measures_of(relation) -%}
    {{ relation }}.school_age_child_count,
    {{ relation }}.attending_child_count,
    {{ relation }}.absent_child_count,
    {{ relation }}.device_child_count,
    {{ relation }}.school_spend_local,
    {{ relation }}.learning_change_code,
    {{ relation }}.ill_member_count,
    {{ relation }}.has_forgone_care,
    {{ relation }}.health_spend_local
{%- endmacro %}
