with

exits as (

    select * from {{ ref('stg_forms__exits') }}

),

releases as (

    select * from {{ ref('int_releases') }}

),

versions_known as (

    select
        releases.release_code,
        exits.*,
        row_number() over (
            partition by
                releases.release_code, exits.form_id, exits.submission_id
            order by exits.version_number desc
        ) as newness_rank
    from exits
    inner join releases on exits.known_at <= releases.known_as_of

)

select
    release_code,
    form_id,
    submission_id,
    version_number,
    root_id,
    site_code,
    family_code,
    exit_kind_code,
    exit_date,
    exit_reason_code,
    new_peer_group_code,
    new_family_code,
    data_wish_code,
    review_state_code in ('none', 'approved') as is_accepted,
    received_at,
    known_at
from versions_known
where
    newness_rank = 1
    and change_code <> 'deleted'
    and coalesce(family_code, '') not ilike 'TEST-%'
    and entered_by_id is distinct from 'demo'
