with

corrections as (

    select * from {{ ref('stg_files__corrections') }}

),

releases as (

    select * from {{ ref('int_releases') }}

),

lines_ranked as (

    select
        *,
        row_number() over (
            partition by form_id, submission_id
            order by version_number desc
        ) as newness_rank
    from corrections

),

-- The register itself says when a correction was approved; when its file arrived says
-- nothing about what was known at a cut-off.
corrections_known as (

    select
        releases.release_code,
        lines_ranked.root_id,
        lines_ranked.field_name,
        lines_ranked.new_value,
        row_number() over (
            partition by
                releases.release_code, lines_ranked.root_id, lines_ranked.field_name
            order by lines_ranked.approved_at desc, lines_ranked.correction_id desc
        ) as approval_rank
    from lines_ranked
    inner join releases on lines_ranked.approved_at <= releases.known_as_of
    where
        lines_ranked.newness_rank = 1
        and lines_ranked.change_code <> 'deleted'
        and lines_ranked.status_code = 'approved'
        and lines_ranked.form_role_code = 'journal'

)

select
    release_code,
    root_id,
    max(case when field_name = 'income_local' then new_value::numeric end)::numeric(
        14, 2
    )
        as income_local,
    max(
        case
            when field_name = 'reported_month' then (left(new_value, 7) || '-01')::date
        end
    ) as journal_month,
    count(*)::integer as correction_count
from corrections_known
where approval_rank = 1
group by release_code, root_id
