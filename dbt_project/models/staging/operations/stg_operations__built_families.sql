with

built_families as (

    select * from {{ source('operations', 'built_families') }}

)

select
    release_code,
    family_key,
    state_hash,
    next_due_date
from built_families
