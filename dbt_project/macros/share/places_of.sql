{#- Repeats rows of families for the country, the site and the cohort they are in. -#}
{% macro places_of(family_rows) -%}
    cross join lateral (
        values
        ('country', {{ family_rows }}.country_code),
        ('site', {{ family_rows }}.site_code),
        ('cohort', {{ family_rows }}.cohort_code)
    ) as scopes (scope_type_code, scope_code)
{%- endmacro %}
