{#- The tables of that name in every frozen release, each with its schema and its columns.
    They are looked up in the database, for only there it is known what was frozen; none
    while dbt parses, and none while a release is being frozen. -#}
{% macro frozen_relations(table_name) -%}
    {%- set found = [] -%}
    {%- if execute and not var("freezing_release", none) -%}
        {%- set query -%}
            select
                tables.table_schema,
                array_agg(tables.column_name::text) as column_names
            from information_schema.columns as tables
            inner join information_schema.tables as notes
                on
                    tables.table_schema = notes.table_schema
                    and notes.table_name = 'release_information'
            where
                tables.table_schema like 'release\_%'
                and tables.table_name = '{{ table_name }}'
            group by tables.table_schema
            order by tables.table_schema
        {%- endset -%}
        {%- for row in run_query(query) -%}
            {%- do found.append({"schema": row[0], "columns": row[1]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}
