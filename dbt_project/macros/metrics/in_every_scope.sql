{#- Repeats rows for each scope they belong to. Rows of different units (two currencies)
    are never added: such a scope is left out. -#}
{% macro in_every_scope(unit_rows, scope_type_codes=every_scope_type()) -%}
    select scoped.*
    from (
        select
            unit_rows.*,
            scopes.scope_type_code,
            scopes.scope_code,
            min(unit_rows.unit_code) over same_figure as lowest_unit_code,
            max(unit_rows.unit_code) over same_figure as highest_unit_code,
            min(unit_rows.country_code) over same_figure
            <> max(unit_rows.country_code) over same_figure as spans_countries
        from {{ unit_rows }} as unit_rows
        cross join lateral (
            values
            ('country', unit_rows.country_code),
            ('site', unit_rows.site_code),
            ('cohort', unit_rows.cohort_code),
            ('all', 'all')
        ) as scopes (scope_type_code, scope_code)
        where
            scopes.scope_type_code in ('{{ scope_type_codes | join("', '") }}')
            -- Over all sites only what has no currency of its own.
            and (
                scopes.scope_type_code <> 'all'
                or unit_rows.unit_code in ('number', 'USD_PPP')
            )
        window same_figure as (partition by {{ comparison_columns() }})
    ) as scoped
    where
        scoped.lowest_unit_code = scoped.highest_unit_code
        -- One country is nothing to pool: under another name it would only mislead.
        and (scoped.scope_type_code <> 'all' or scoped.spans_countries)
{%- endmacro %}

{% macro every_scope_type() -%}
    {{ return(['country', 'site', 'cohort', 'all']) }}
{%- endmacro %}
