{#- Repeats a family's rows for each scope it belongs to. Rows of different units (two
    currencies) are never added: such a scope is left out. -#}
{% macro in_every_scope(family_rows, scope_type_codes=['country', 'site', 'cohort']) -%}
    select scoped.*
    from (
        select
            family_rows.*,
            scopes.scope_type_code,
            scopes.scope_code,
            min(family_rows.unit_code) over same_figure as lowest_unit_code,
            max(family_rows.unit_code) over same_figure as highest_unit_code
        from {{ family_rows }} as family_rows
        cross join lateral (
            values
            ('country', family_rows.country_code),
            ('site', family_rows.site_code),
            ('cohort', family_rows.cohort_code),
            ('all', 'all')
        ) as scopes (scope_type_code, scope_code)
        where scopes.scope_type_code in ('{{ scope_type_codes | join("', '") }}')
        window same_figure as (partition by {{ comparison_columns() }})
    ) as scoped
    where scoped.lowest_unit_code = scoped.highest_unit_code
{%- endmacro %}
