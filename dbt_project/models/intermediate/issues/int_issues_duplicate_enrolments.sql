with

enrolments as (

    select * from {{ ref('int_submissions_known') }}
    where form_role_code = 'enrolment' and is_accepted and family_key is not null

),

enrolments_ranked as (

    select
        *,
        max(known_at) over (partition by family_key) as newest_known_at,
        row_number() over (
            partition by family_key
            -- As in int_enrolments_latest: the first of these is the one that counts.
            order by received_at desc, length(submission_id) desc, submission_id desc
        ) as newness_rank
    from enrolments

)

select
    {{ issue_columns(
        'duplicate_enrolment',
        ['root_id'],
        form_role_code='form_role_code',
        journal_month='null',
        opened_at='newest_known_at',
    ) }}
from enrolments_ranked
where newness_rank > 1
