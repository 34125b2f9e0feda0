with

{% for form, role in [
    ('enrolments', 'enrolment'),
    ('journals', 'journal'),
    ('investments', 'investment'),
    ('exits', 'exit'),
    ('peer_meetings', 'peer_meeting'),
] -%}
    {{ form }}_ranked as (

        select
            '{{ role }}' as form_role_code,
            form_id,
            submission_id,
            root_id,
            change_code,
            site_code,
            {% if form == 'peer_meetings' -%} null {%- else -%} family_code {%- endif %}
                as reported_family_code,
            entered_by_id,
            known_at,
            row_number() over (
                partition by form_id, submission_id order by version_number desc
            ) as newness_rank
        from {{ ref('stg_forms__' ~ form) }}

    ),

{% endfor -%}

submissions as (

    select * from enrolments_ranked
    union all
    select * from journals_ranked
    union all
    select * from investments_ranked
    union all
    select * from exits_ranked
    union all
    select * from peer_meetings_ranked

)

-- The very submissions that int_journals_known and its like leave out as tests.
select
    form_role_code,
    form_id,
    submission_id,
    root_id,
    site_code,
    known_at
from submissions
where
    newness_rank = 1
    and change_code <> 'deleted'
    and (coalesce(reported_family_code, '') ilike 'TEST-%' or entered_by_id = 'demo')
