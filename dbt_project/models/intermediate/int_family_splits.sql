with

exits as (

    select * from {{ ref('int_exits_resolved') }}

),

splits as (

    select
        release_code,
        family_key,
        new_family_key,
        exit_date as split_date
    from exits
    where exit_kind_code = 'split'

),

-- The old household keeps the day; the new one points at where it came from.
both_sides as (

    select
        release_code,
        family_key,
        null as split_from_family_key,
        split_date
    from splits
    union all
    select
        release_code,
        new_family_key as family_key,
        family_key as split_from_family_key,
        split_date
    from splits
    where new_family_key is not null

)

select
    release_code,
    family_key,
    min(split_from_family_key) as split_from_family_key,
    min(split_date) as split_date
from both_sides
group by release_code, family_key
