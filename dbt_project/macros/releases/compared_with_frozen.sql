{#- Every row of a mart as each frozen release has it and as it is now, side by side: the
    columns named in `kept` as released_... and live_..., and whether anything differs.
    A column that only one of the two has says nothing and is not compared.

    Args:
        table_name: The mart.
        keys: What tells its rows from one another.
        month: The column with the month that a row is of.
        kept: Columns to look at afterwards, the keys of scopes among them.
        compared: The columns that count as a difference; none names all. -#}
{% macro compared_with_frozen(table_name, keys, month, kept, compared=[]) -%}
    {%- set current = ref(table_name) -%}
    {%- set known = frozen_relations(table_name) -%}
    {#- Without a release there is nothing to compare, and the columns are the same. -#}
    {%- set relations = known or [{"schema": current.schema, "columns": keys}] -%}
    {%- set names = [] -%}
    {%- set priced = [] -%}
    {%- if execute -%}
        {%- for column in adapter.get_columns_in_relation(current) -%}
            {%- if column.name in priced_columns() -%}
                {%- do priced.append(column.name) -%}
            {%- elif column.name in (compared or [column.name]) -%}
                {%- do names.append(column.name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for frozen in relations %}
    select
        about.release_code,
        about.known_as_of,
        {%- for name in keys %}
        coalesce(released.{{ name }}, live.{{ name }}) as {{ name }},
        {%- endfor %}
        {%- for name in kept %}
        {% if known and name not in frozen.columns %}null{% else %}released.{{ name }}
        {%- endif %} as released_{{ name }},
        live.{{ name }} as live_{{ name }},
        {%- endfor %}
        date_trunc('month', coalesce(released.{{ month }}, live.{{ month }}))::date
            as changed_month,
        released.{{ keys[0] }} is not null as is_released,
        live.{{ keys[0] }} is not null as is_live,
        {{ _differs(names, frozen.columns, keys + derived_columns()) }} as has_other_values,
        {{ _differs(priced, frozen.columns, keys) }} as has_other_prices
    from {{ frozen.schema }}.{{ table_name }} as released
    full outer join {{ current }} as live
        on {% for name in keys -%}
            {{ "and " if not loop.first }}released.{{ name }} = live.{{ name }}
        {% endfor %}
    inner join {{ ref("stg_operations__frozen_releases") }} as about
        on about.schema_name = '{{ frozen.schema }}'
    -- What is of a later month cannot have been published.
    where
        coalesce(released.{{ month }}, live.{{ month }})
        < about.end_month + interval '1 month'
        and {{ "true" if known else "false" }}
    {{- "\n    union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro _differs(names, frozen_names, without) -%}
    {%- set both = [] -%}
    {%- for name in names -%}
        {%- if name in frozen_names and name not in without -%}
            {%- do both.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if both -%}
    (released.{{ both | join(", released.") }})
        is distinct from (live.{{ both | join(", live.") }})
    {%- else -%}
    false
    {%- endif -%}
{%- endmacro %}

{% macro priced_columns() -%}
    {{ return([
        "income_real_local",
        "income_usd_ppp",
        "price_frequency_code",
        "price_level_to_launch",
        "purchasing_power_factor",
    ]) }}
{%- endmacro %}

{#- An edit of one month moves them in others, where no record changed. -#}
{% macro derived_columns() -%}
    {{ return(["accepted_streak_count", "income_to_launch_index"]) }}
{%- endmacro %}
