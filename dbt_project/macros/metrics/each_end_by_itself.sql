{#- The rows of a panel as figures of one month each: both ends of the window become the
    month the row was measured in. -#}
{% macro each_end_by_itself(family_rows, measured='measured') -%}
    select
        release_code,
        panel_code,
        price_code,
        outlier_code,
        denominator_code,
        category_code,
        unit_code,
        family_key,
        country_code,
        site_code,
        cohort_code,
        peer_group_code,
        {{ measured }} as measured,
        weight,
        measured_month as start_month,
        measured_month as end_month
    from {{ family_rows }}
{%- endmacro %}

{#- Of a panel, the families known at both ends. -#}
{% macro balanced(panels) -%}
    (select * from {{ panels }} where panel_code = 'balanced') as balanced_panels
{%- endmacro %}
