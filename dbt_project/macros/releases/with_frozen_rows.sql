{#- Ends a mart that carries `release_code`: the rows of the CTE, and those of the releases
    that are frozen. A column that a release did not have yet is null there, or what
    `lacking` says in SQL: a column of the key cannot be null. -#}
{% macro with_frozen_rows(computed, lacking={}) -%}
    {%- set column_types = {} -%}
    {%- for column in model.columns.values() -%}
        {%- do column_types.update({column.name: column.data_type}) -%}
    {%- endfor -%}
    select
        {{ column_types | join(",\n        ") }}
    from {{ computed }}
    {% if var("freezing_release", none) -%}
    where release_code = {{ shown_release() }}
    {%- else -%}
    -- A release that was frozen is not computed any more.
    where release_code not in (
        select frozen.release_code from {{ ref("stg_operations__frozen_releases") }} as frozen
    )
    {%- endif -%}
    {%- for frozen in frozen_relations(model.name) %}
    union all
    select
        {%- for name, data_type in column_types.items() %}
        {% if name not in frozen.columns -%}
            ({{ lacking.get(name, "null") }})::{{ data_type }} as {% endif -%}
        {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ frozen.schema }}.{{ model.name }}
    {%- endfor %}
{%- endmacro %}
