{#- Repeats numbered rows for each scope they belong to. Rows of different units (two currencies)
    are never added: such a scope is left out. -#}
{% macro in_every_scope(unit_rows, scope_type_codes=every_scope_type()) -%}
    select scoped.*
    from (
        select
            repeated.*,
            min(unit_code) over same_figure as lowest_unit_code,
            max(unit_code) over same_figure as highest_unit_code,
            min(country_code) over same_figure as lowest_country_code,
            max(country_code) over same_figure as highest_country_code
        from ({{ repeated_by_scope(unit_rows, scope_type_codes) }}) as repeated
        window same_figure as (partition by {{ numbered_columns() }})
    ) as scoped
    where
        {{ scope_adds_up(
            'lowest_unit_code', 'highest_unit_code',
            'lowest_country_code', 'highest_country_code'
        ) }}
{%- endmacro %}

{#- The same, with the scopes that cannot be added still in it: whoever sums the rows finds
    out by the way, which is cheaper than to go over all of them before. -#}
{% macro repeated_by_scope(unit_rows, scope_type_codes) -%}
    select
        unit_rows.*,
        scopes.scope_type_code,
        scopes.scope_code
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
{%- endmacro %}

{#- A condition: the rows of a scope are of one unit and make more than one country. -#}
{% macro scope_adds_up(lowest_unit, highest_unit, lowest_country, highest_country) -%}
    {{ lowest_unit }} = {{ highest_unit }}
    -- One country is nothing to pool: under another name it would only mislead.
    and (scope_type_code <> 'all' or {{ lowest_country }} <> {{ highest_country }})
{%- endmacro %}

{#- The condition as sums by scope can ask it. -#}
{% macro rows_add_up() -%}
    {{ scope_adds_up(
        'min(unit_code)', 'max(unit_code)', 'min(country_code)', 'max(country_code)'
    ) }}
{%- endmacro %}

{#- Sums of numbered groups for each scope, as the jackknife reads them.

    Args:
        sums: SQL of each sum by its name. -#}
{% macro sums_in_every_scope(group_rows, sums, scope_type_codes) -%}
    select
        {{ numbered_columns() }},
        country_code,
        peer_group_code,
        min(unit_code) as lowest_unit_code,
        max(unit_code) as highest_unit_code,
        {%- for name, summed in sums.items() %}
        {{ summed }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from ({{ repeated_by_scope(group_rows, scope_type_codes) }}) as repeated
    group by {{ numbered_columns() }}, country_code, peer_group_code
{%- endmacro %}

{% macro every_scope_type() -%}
    {{ return(['country', 'site', 'cohort', 'all']) }}
{%- endmacro %}
