with

corrections as (

    select * from {{ ref('stg_files__corrections') }}

),

lines_ranked as (

    select
        *,
        row_number() over (
            partition by form_id, submission_id
            order by version_number desc
        ) as newness_rank
    from corrections

)

select
    correction_id,
    form_role_code,
    root_id,
    field_name,
    old_value,
    new_value,
    reason_code,
    known_at
from lines_ranked
where
    newness_rank = 1
    and change_code <> 'deleted'
    and status_code = 'proposed'
