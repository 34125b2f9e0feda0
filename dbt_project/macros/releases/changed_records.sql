{#- The rows of a comparison as records of families: where each is counted, as released or
    where it was not, as it is now; whether it was counted and is; and why it changed.

    Args:
        rows: The CTE, from compared_with_frozen().
        form_role_code: Of the form that the record is from.
        record_id: SQL that names the record among the family's.
        columns: SQL where a record is not just a row that is there or is not. -#}
{% macro changed_records(rows, form_role_code, record_id, columns={}) -%}
    {%- set defaults = {
        "family_key": "family_key",
        "was_counted": "is_released",
        "is_counted": "is_live",
        "is_corrected": "false",
        "received_at": "null::timestamptz",
        "known_at": "null::timestamptz",
    } -%}
    select
        release_code,
        known_as_of,
        '{{ form_role_code }}' as form_role_code,
        {{ record_id }} as record_id,
        changed_month,
        {%- for name in ["country_code", "site_code", "cohort_code"] %}
        coalesce(released_{{ name }}, live_{{ name }}) as {{ name }},
        {%- endfor %}
        {%- for name, default in defaults.items() %}
        {{ columns.get(name, default) }} as {{ name }},
        {%- endfor %}
        has_other_values,
        has_other_prices
    from {{ rows }}
{%- endmacro %}

{#- A family that asked to be erased is in no table of what is live, by its key neither. -#}
{% macro key_unless_erased(rows) -%}
    case
        when {{ rows }}.family_key in (
            select left_out.family_key
            from {{ ref("int_families_left_out") }} as left_out
            where left_out.release_code = 'live'
        )
            then 'erased/' || left(
                md5({{ rows }}.release_code || {{ rows }}.family_key), 12
            )
        else {{ rows }}.family_key
    end
{%- endmacro %}
