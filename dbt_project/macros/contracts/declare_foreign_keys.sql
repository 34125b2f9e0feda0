{#- Declares every foreign key of the contracts that the database lacks. dbt drops a
    rebuilt dimension with all that points at it, and a fact that is not rebuilt with it
    would point nowhere from then on. Run when a build ends.

    Args:
        results: What became of the nodes of this run. -#}
{% macro declare_foreign_keys(results) -%}
    {%- if execute and not var("freezing_release", none) -%}
        {%- set built = results | selectattr("status", "equalto", "success")
            | map(attribute="node.unique_id") | list -%}
        {%- for node in graph.nodes.values() -%}
            {%- for key in node.get("constraints") or [] -%}
                {%- if key["type"] == "foreign_key" -%}
                    {{ _declare_foreign_key(node, key, node.unique_id in built) }}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#- A fact that this run did not build, as not all was built or something failed, may hold
    what a dimension has let go: its key has to wait until the fact is built too. -#}
{% macro _declare_foreign_key(node, key, is_built) -%}
    {#- As the contract has it, ref('dim_sites'), or the relation that dbt makes of it. -#}
    {%- set target_name = (
        key["to"] | replace("ref(", "") | replace(")", "") | replace("'", "")
        | replace('"', "")
    ).split(".") | last -%}
    {%- set target = graph.nodes.values()
        | selectattr("resource_type", "equalto", "model")
        | selectattr("name", "equalto", target_name) | first -%}
    {%- set fact = api.Relation.create(schema=node.schema, identifier=node.alias) -%}
    {%- set dimension = api.Relation.create(
        schema=target.schema, identifier=target.alias
    ) -%}
    {%- set lacks_it -%}
        select
            to_regclass('{{ fact }}') is not null
            and to_regclass('{{ dimension }}') is not null
            and not exists (
                select
                from pg_constraint as declared
                where
                    declared.contype = 'f'
                    and declared.conrelid = to_regclass('{{ fact }}')
                    and declared.confrelid = to_regclass('{{ dimension }}')
                    and (
                        select array_agg(attribute.attname::text order by place)
                        from unnest(declared.conkey) with ordinality as part (number, place)
                        inner join pg_attribute as attribute
                            on
                                attribute.attrelid = declared.conrelid
                                and attribute.attnum = part.number
                    ) = array['{{ key["columns"] | join("', '") }}']
            )
    {%- endset -%}
    {%- set points_nowhere -%}
        select exists (
            select from {{ fact }} as pointing
            where
                not exists (
                    select from {{ dimension }} as pointed
                    where
                        {% for column in key["columns"] -%}
                        pointed.{{ key["to_columns"][loop.index0] }}
                        = pointing.{{ column }}
                        {{ "and" if not loop.last }}
                        {%- endfor %}
                )
                {%- for column in key["columns"] %}
                and pointing.{{ column }} is not null
                {%- endfor %}
        )
    {%- endset -%}
    {%- if
        run_query(lacks_it)[0][0] and (is_built or not run_query(points_nowhere)[0][0])
    -%}
        alter table {{ fact }} add foreign key ({{ key["columns"] | join(", ") }})
        references {{ dimension }} ({{ key["to_columns"] | join(", ") }});
    {%- endif -%}
{%- endmacro %}
