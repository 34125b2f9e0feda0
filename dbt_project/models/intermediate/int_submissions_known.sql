with

family_codes as (

    select * from {{ ref('int_family_codes_resolved') }}
    where release_code = 'live'

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
            '{{ role }}' as form_role_code,
            form_id,
            submission_id,
            version_number,
            root_id,
            site_code,
            {% if form == 'peer_meetings' -%} null {%- else -%} family_code {%- endif %}
                as reported_family_code,
            is_accepted,
            received_at,
            known_at
        from {{ ref('int_' ~ form ~ '_known') }}
        where release_code = 'live'

    ),

{% endfor -%}

submissions as (

    select * from enrolments
    union all
    select * from journals
    union all
    select * from investments
    union all
    select * from exits
    union all
    select * from peer_meetings

)

select
    submissions.form_role_code,
    submissions.form_id,
    submissions.submission_id,
    submissions.version_number,
    submissions.root_id,
    submissions.site_code,
    family_codes.family_key,
    submissions.is_accepted,
    submissions.received_at,
    submissions.known_at
from submissions
left join family_codes
    on submissions.reported_family_code = family_codes.reported_code
