{#- What dbt writes into `create table` for a contract: every column and rule of it but
    the foreign keys, which `declare_foreign_keys` adds when the build ends. Postgres
    would look up a key row by row while it fills the table, and hold a lock on the
    dimension meanwhile, so that no two facts were built at once. -#}
{% macro postgres__get_table_columns_and_constraints() -%}
    {%- set rules = adapter.render_raw_model_constraints(
        raw_constraints=model["constraints"]
        | rejectattr("type", "equalto", "foreign_key") | list
    ) -%}
    (
        {{
            (adapter.render_raw_columns_constraints(raw_columns=model["columns"]) + rules)
            | join(",\n        ")
        }}
    )
{%- endmacro %}
