with

corrections as (

    select * from {{ ref('int_corrections_known') }}
    where release_code = 'live'

)

-- A person's word on an answer, or on a rule by its code: that the value is right as it
-- is, or what it should be.
select
    root_id,
    field_name,
    min(known_at) filter (where status_code = 'waived') as waived_at,
    min(approved_at) filter (where status_code = 'approved' and is_applicable)
        as corrected_at
from corrections
group by root_id, field_name
