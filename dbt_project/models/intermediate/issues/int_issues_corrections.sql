with

corrections as (

    select * from {{ ref('int_corrections_known') }}
    where release_code = 'live'

)

-- Amounts and months alone: what else may be typed into the register can be words.
{% for rule_code, condition in [
    ('correction_proposed', "status_code = 'proposed'"),
    ('correction_not_applied', "status_code = 'approved' and not is_applicable"),
] -%}
    select
    {{ issue_columns(
        rule_code,
        ['correction_id'],
        form_role_code='form_role_code',
        site_code='null',
        family_key='null',
        journal_month='null',
        field_name='field_name',
        observed="concat_ws(
            ' ',
            field_name,
            case when old_value ~ '^[0-9.-]+$' then old_value else '?' end,
            '->',
            case when new_value ~ '^[0-9.-]+$' then new_value else '?' end
        )",
    ) }}
    from corrections
    where {{ condition }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
