{#- How many questions a journal answered. Who, where and when are not the family's
    answers. -#}
{% macro data_point_count(submissions) -%}
    (
        select count(*)
        from jsonb_object_keys({{ submissions }}.answers) as asked (question)
        where
            asked.question not in (
                'site_code', 'peer_group_code', 'family_code', 'reported_month',
                'mode_code', 'entered_by_id', 'device_started_at', 'device_ended_at'
            )
    )::integer
{%- endmacro %}
