{#- How dbt writes into a table what was computed anew: all rows of what was touched go,
    also of what has none any more, and the new ones come, in one transaction. dbt finds
    a strategy by its name, `get_incremental_<strategy>_sql`. -#}

{% macro get_incremental_touched_families_sql(arguments) -%}
    {{ _replace_rows(arguments, of_touched_families('family_key')) }}
{%- endmacro %}

{% macro get_incremental_touched_or_no_family_sql(arguments) -%}
    {{ _replace_rows(arguments, of_touched_or_no_family('family_key')) }}
{%- endmacro %}

{% macro get_incremental_touched_submissions_sql(arguments) -%}
    {{ _replace_rows(arguments, of_touched_submissions('replaced')) }}
{%- endmacro %}

{% macro get_incremental_pending_runs_sql(arguments) -%}
    {{ _replace_rows(arguments, of_pending_runs('replaced')) }}
{%- endmacro %}

{% macro _replace_rows(arguments, condition) -%}
    {%- set columns = get_quoted_csv(
        arguments["dest_columns"] | map(attribute="name")
    ) -%}
    delete from {{ arguments["target_relation"] }} as replaced
    where {{ condition }};
    insert into {{ arguments["target_relation"] }} ({{ columns }})
    select {{ columns }} from {{ arguments["temp_relation"] }}
{%- endmacro %}
