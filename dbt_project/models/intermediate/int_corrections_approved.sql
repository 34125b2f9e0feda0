with

corrections as (

    select * from {{ ref('int_corrections_known') }}

),

-- Of several approvals for the same answer the newest counts.
corrections_ranked as (

    select
        release_code,
        root_id,
        field_name,
        new_value,
        row_number() over (
            partition by release_code, root_id, field_name
            order by approved_at desc, correction_id desc
        ) as approval_rank
    from corrections
    where status_code = 'approved' and is_applicable

)

select
    release_code,
    root_id,
    max(case when field_name = 'income_local' then new_value::numeric end)::numeric(
        14, 2
    ) as income_local,
    max(
        case
            when field_name = 'reported_month' then (left(new_value, 7) || '-01')::date
        end
    ) as journal_month,
    count(*)::integer as correction_count
from corrections_ranked
where approval_rank = 1
group by release_code, root_id
