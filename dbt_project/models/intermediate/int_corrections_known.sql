with

corrections as (

    select * from {{ ref('stg_forms__corrections') }}

),

releases as (

    select * from {{ ref('int_releases') }}

),

-- A line that was amended or withdrawn later counts for a release as it stood then.
lines_ranked as (

    select
        releases.release_code,
        releases.known_as_of,
        corrections.*,
        row_number() over (
            partition by
                releases.release_code, corrections.form_id, corrections.submission_id
            order by corrections.version_number desc
        ) as newness_rank
    from corrections
    inner join releases on corrections.known_at <= releases.known_as_of

)

select
    release_code,
    correction_id,
    form_role_code,
    root_id,
    field_name,
    old_value,
    new_value,
    reason_code,
    case
        when status_code = 'approved' and coalesce(approved_at, known_at) > known_as_of
            then 'proposed'
        else status_code
    end as status_code,
    -- What a person typed into the register must not stop the build.
    coalesce(
        form_role_code = 'journal'
        and case field_name
            when 'income_local' then new_value ~ '^-?\d{1,12}(\.\d+)?$'
            when 'reported_month'
                then new_value ~ '^[12]\d{3}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$'
        end,
        false
    ) as is_applicable,
    coalesce(approved_at, known_at) as approved_at,
    known_at
from lines_ranked
where
    newness_rank = 1
    and change_code <> 'deleted'
