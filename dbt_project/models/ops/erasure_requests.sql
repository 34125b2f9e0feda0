with

families_left_out as (

    select * from {{ ref('int_families_left_out') }}
    where release_code = 'live'

)

-- The marts have left the family out; what it answered is still in raw.
select
    family_key,
    site_code,
    left_out_reason_code,
    exited_date
from families_left_out
