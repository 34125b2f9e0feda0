with

submissions as (

    select * from {{ ref('int_submissions_known') }}

),

{% for form, role in [
    ('enrolments', 'enrolment'),
    ('journals', 'journal'),
    ('investments', 'investment'),
    ('exits', 'exit'),
    ('peer_meetings', 'peer_meeting'),
] -%}
    {{ form }} as (

        select
            submissions.*,
            answers.personal_data_kinds
        from submissions
        inner join {{ ref('stg_forms__' ~ form) }} as answers
            on
                submissions.form_id = answers.form_id
                and submissions.submission_id = answers.submission_id
                and submissions.version_number = answers.version_number
        where submissions.form_role_code = '{{ role }}'

    ),

{% endfor -%}

findings as (

    select * from enrolments
    union all
    select * from journals
    union all
    select * from investments
    union all
    select * from exits
    union all
    select * from peer_meetings

),

-- Where and which kind, never the words.
kinds as (

    select
        findings.*,
        found.answers ->> 'field' as found_field,
        found.answers ->> 'kind' as found_kind
    from findings
    cross join
        lateral jsonb_array_elements(findings.personal_data_kinds) as found (answers)

)

select
    {{ issue_columns(
        'personal_data',
        ['root_id', 'found_field', 'found_kind'],
        form_role_code='form_role_code',
        journal_month='null',
        field_name='found_field',
        observed='found_kind',
    ) }}
from kinds
