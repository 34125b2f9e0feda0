{#- Versions of submissions with their answers unpacked, those that no good build has seen.
    Answers are stored packed: this unpacks them once, and not for each of the dozen
    expressions that read them, which is a fourth of what the model costs. Without
    `offset` Postgres would move the unpacking into each expression. -#}
{% macro submissions_unpacked(source_relation) -%}
    (
        select
            landed.form_id,
            landed.submission_id,
            landed.version_number,
            landed.root_id,
            landed.change_code,
            landed.review_state_code,
            landed.received_at,
            landed.known_at,
            landed.run_id,
            landed.answers || '{}' as answers,
            landed.answer_problems
        from {{ source_relation }} as landed
        where {{ of_pending_runs('landed') }}
        offset 0
    )
{%- endmacro %}
