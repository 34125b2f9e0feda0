{#- Which answers in a person's own words may identify somebody, as a list of field and
    kind; null where none does. The text itself never leaves raw. A name is only found
    where a sentence introduces it: any other pattern would take half of a story for
    names. -#}
{% macro personal_data_kinds(form) -%}
{%- set fields = {
    'enrolments': ['aspiration_text', 'goals[*].goal_text'],
    'exits': ['exit_text'],
    'investments': ['plan_text', 'decline_reason_text', 'lesson_text'],
    'journals': [
        'story_text',
        'community_text',
        'report_decision_text',
        'liaison_note_text',
        'goal_updates[*].goal_text',
    ],
    'peer_meetings': [
        'data_question_text',
        'data_decision_text',
        'note_text',
        'strategies_shared[*].strategy_text',
    ],
}[form] -%}
(
    select
        jsonb_agg(
            distinct jsonb_build_object('field', said.field, 'kind', kinds.kind)
        )
    from (
        values
        {% for field in fields -%}
        (
            '{{ field | replace('[*]', '') }}',
            {% if '[*]' in field -%}
            jsonb_path_query_array(submissions.answers, '$.{{ field }}')::text
            {%- else -%}
            submissions.answers ->> '{{ field }}'
            {%- endif %}
        ){{ ',' if not loop.last }}
        {% endfor %}
    ) as said (field, words)
    cross join lateral (
        values
        ('e_mail', said.words ~* '[a-z0-9._%+-]+@[a-z0-9-]+\.[a-z]{2,}'),
        ('place', said.words ~ '-?\d{1,3}\.\d{4,}\s*[,; ]\s*-?\d{1,3}\.\d{4,}'),
        (
            'document',
            said.words ~ '\m[A-Z]{4}\d{6}([HM][A-Z]{5})?[0-9A-Z]{2,3}\M'
            or said.words ~ '\m\d{3}-\d{2}-\d{4}\M'
            or said.words ~ '\m\d{3}-\d{3}-\d{3}(-\d{3,5})?\M'
            or said.words ~ '\m\d{4}-\d{7}-\d\M'
            or said.words ~* '\m(c[eé]dula|c\.c\.|curp|dni|tin)\M\D{0,15}\d[\d.]{5,}'
        ),
        (
            'phone',
            exists(
                select
                from
                    regexp_matches(
                        said.words, '(?:^|[^\d.,])(\+?\d[\d ()-]{5,18}\d)', 'g'
                    ) as found (parts)
                -- Fewer are an amount or a date, more are several of them.
                where
                    length(regexp_replace(found.parts[1], '\D', '', 'g'))
                    between 9 and 15
            )
        ),
        (
            'name',
            said.words
            ~ '\m([Mm]y name is|[Mm]e llamo|[Mm]i nombre es|[Aa]ko si) +[[:upper:]]'
        )
    ) as kinds (kind, is_found)
    -- The first two spare most texts the rest, which takes ten times as long.
    where
        said.words ~ '[\d@]|[Nn]ame is|llamo|[Nn]ombre es|[Aa]ko si'
        and kinds.is_found
)
{%- endmacro %}
