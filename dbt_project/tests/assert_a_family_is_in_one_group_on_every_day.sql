-- Stays of a family follow each other without gap or overlap, and the last is open.
-- It does not say that a group has five families: groups shrink and grow.
with

placements as (

    select
        *,
        lead(valid_from_date) over (
            partition by family_key
            order by valid_from_date
        ) as next_from_date
    from {{ ref('dim_family_placements') }}

)

select
    family_key,
    valid_from_date
from placements
where
    valid_to_date is distinct from next_from_date - 1
    or site_code is null
