{#- The columns that every rule yields, in one order. What is not given is null: an
    issue need not be about a family, a month or a field. Values are amounts, counts,
    months and codes; never a person's words. -#}
{% macro issue_columns(
    rule_code,
    keys,
    form_role_code="'journal'",
    root_id='root_id',
    site_code='site_code',
    family_key='family_key',
    journal_month='journal_month',
    field_name='null',
    observed='null',
    expected='null',
    suggested_value='null',
    opened_at='known_at'
) -%}
    concat_ws('/', '{{ rule_code }}', {{ keys | join(', ') }}) as issue_id,
    '{{ rule_code }}' as rule_code,
    {{ form_role_code }}::text as form_role_code,
    {{ root_id }}::text as root_id,
    {{ site_code }}::text as site_code,
    {{ family_key }}::text as family_key,
    {{ field_name }}::text as field_name,
    ({{ observed }})::text as observed,
    ({{ expected }})::text as expected,
    ({{ suggested_value }})::text as suggested_value,
    {{ journal_month }}::date as journal_month,
    {{ opened_at }}::timestamptz as opened_at
{%- endmacro %}
