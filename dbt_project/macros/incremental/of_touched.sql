{#- Which rows a normal build computes anew. Each condition is true of every row when a
    model is built from nothing. The models they read are named to dbt while it parses; a
    unit test, which builds from nothing, is not asked to make them up. -#}

{#- Rows of families of which something arrived, changed or went since the last build. -#}
{% macro of_touched_families(family_key) -%}
    {%- if _is_built_upon() -%}
    {{ family_key }} in (
        select touched.family_key from {{ ref('int_families_touched') }} as touched
    )
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- As above, and rows of no family: what a code means may have become known. -#}
{% macro of_touched_or_no_family(family_key) -%}
    ({{ of_touched_families(family_key) }} or {{ family_key }} is null)
{%- endmacro %}

{#- All versions of the submissions of which one landed since the last build. -#}
{% macro of_touched_submissions(relation) -%}
    {%- if _is_built_upon() -%}
    ({{ relation }}.form_id, {{ relation }}.submission_id) in (
        select
            touched.form_id,
            touched.submission_id
        from {{ ref('int_submissions_touched') }} as touched
    )
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- Versions that landed in runs of ingestion that no good build has seen yet. -#}
{% macro of_pending_runs(relation) -%}
    {%- if _is_built_upon() -%}
    {{ relation }}.run_id in (
        select pending.run_id
        from {{ ref('stg_operations__pending_runs') }} as pending
    )
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- While dbt parses it is told of every model that may be read. A unit test is built from
    nothing and has no table. -#}
{% macro _is_built_upon() -%}
    {{ return(not execute or (this is not none and is_incremental())) }}
{%- endmacro %}
