{#- A hash of what a journal says in free words and may be shown once a person has read
    it; null where it says nothing. The words themselves stay in raw. -#}
{% macro free_texts_hash(submissions) -%}
    md5(
        nullif(
            concat_ws(
                chr(31),
                {% for field in reviewable_texts() -%}
                '{{ field }}' || ({{ submissions }}.answers ->> '{{ field }}')
                {{- ',' if not loop.last }}
                {% endfor %}
            ),
            ''
        )
    )::uuid
{%- endmacro %}

{#- The answers in a journal's own words that a person may let into the marts. What is
    said of others or by others (goals of a group, a liaison's notes) never leaves raw. -#}
{% macro reviewable_texts() -%}
    {{ return(['story_text', 'community_text', 'report_decision_text']) }}
{%- endmacro %}
