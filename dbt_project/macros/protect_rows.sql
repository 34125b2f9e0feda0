{#- Gives a table its readers and the policy that shows each of them their own rows, within
    the transaction that makes the table: nobody ever finds it without. What the policy
    is, `warehouse/access/lookup.sql` says. A warehouse where no access was applied yet
    shows readers nothing. -#}
{% macro protect_rows() -%}
    {%- if execute -%}
        {%- set is_applied = run_query(
            "select to_regprocedure('access.protect(regclass)') is not null"
        )[0][0] -%}
        {%- if is_applied -%}
            select access.protect('{{ this }}'::regclass)
        {%- elif model.config.materialized in ('table', 'incremental') -%}
            alter table {{ this }} enable row level security
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
