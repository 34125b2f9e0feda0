with

journals as (

    select * from {{ ref('stg_forms__journals') }}

),

releases as (

    select * from {{ ref('int_releases') }}

),

versions_known as (

    select
        releases.release_code,
        journals.*,
        row_number() over (
            partition by
                releases.release_code, journals.form_id, journals.submission_id
            order by journals.version_number desc
        ) as newness_rank
    from journals
    inner join releases on journals.known_at <= releases.known_as_of
    where {{ of_touched_submissions('journals') }}

)

select
    release_code,
    form_id,
    submission_id,
    version_number,
    root_id,
    site_code,
    family_code,
    review_state_code in ('none', 'approved') as is_accepted,
    is_sharing,
    reported_month,
    received_at,
    known_at
from versions_known
where
    newness_rank = 1
    and change_code <> 'deleted'
    and coalesce(family_code, '') not ilike 'TEST-%'
    and entered_by_id is distinct from 'demo'
